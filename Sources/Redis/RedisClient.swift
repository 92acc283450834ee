package import SystemPackage
import Synchronization
import SystemCalls

/// A client of one Redis: a server, the primary that Sentinels name, or a Cluster. Servers that speak the same protocol will do.
///
/// It has one thread, which owns all connections, so that no caller ever waits for a network. A command is answered exactly once, within its
/// timeout, whatever happens to the servers: see ``RedisError`` for what is then known of its effect. After a connection breaks, the client
/// reconnects, and resends the commands that were not sent yet and those that may be repeated.
package final class RedisClient: Sendable {
  package typealias Receiver = @Sendable (Result<RedisReply, RedisError>) -> Void

  package let url: RedisURL
  package let options: RedisOptions
  let mailbox: Mailbox

  /// Starts the client's thread. Servers need not be there yet.
  package init(_ url: RedisURL, options: RedisOptions = RedisOptions()) throws(Errno) {
    (self.url, self.options) = (url, options)
    let mailbox = try Mailbox()
    self.mailbox = mailbox
    let epoll = try Epoll()
    // Checked here, because the thread cannot report it.
    try epoll.add(mailbox.descriptor, tag: ClientLoop.mailboxTag, forRoom: false)
    let box = Handover(epoll)
    try detachThread { ClientLoop(url, options, mailbox, box.take()).run() }
  }

  /// Answers all commands that are still open with an error, and closes the connections.
  deinit { mailbox.post { $0.stop() } }

  /// Sends a command.
  ///
  /// - Parameters:
  ///   - timeout: nil: that of the options. A command that waits on purpose needs a longer one than its wait.
  ///   - receive: called exactly once, on the client's thread, so it must be quick.
  package func send(_ command: RedisCommand, timeout: Duration? = nil, receive: @escaping Receiver) {
    mailbox.submit([Submission(command, deadline: deadline(timeout), receive)])
  }

  /// Sends commands together. The replies come in their order, with an error for each that has none.
  ///
  /// The server executes those with keys of one slot in this order, unless a connection breaks or a slot moves meanwhile; others may be
  /// between them.
  package func send(
    _ commands: [RedisCommand], timeout: Duration? = nil, receive: @escaping @Sendable ([Result<RedisReply, RedisError>]) -> Void
  ) {
    guard !commands.isEmpty else { return mailbox.post { _ in receive([]) } }
    let gathering = Gathering(commands.count, receive)
    let deadline = deadline(timeout)
    mailbox.submit(
      commands.enumerated().map { place, command in Submission(command, deadline: deadline) { gathering.set($0, at: place) } })
  }

  /// Sends a write that is acknowledged only when this many replicas have it too. (Otherwise ``RedisError/notReplicated(acknowledged:of:)``:
  /// the primary has executed it.) Only for commands that are idempotent.
  package func send(_ command: RedisCommand, replicas: Int, timeout: Duration? = nil, receive: @escaping Receiver) {
    guard replicas > 0 else { return send(command, timeout: timeout, receive: receive) }
    var command = command
    command.lane = .durable
    mailbox.submit([Submission(command, deadline: deadline(timeout), replicas: replicas, receive)])
  }

  /// Runs a script: by its hash, or by its text where the server does not know it.
  ///
  /// - Parameters:
  ///   - keys: all keys that the script uses, which must be in one slot.
  ///   - isIdempotent: whether the script may run twice if the outcome is unknown.
  ///   - lane: nil: large for 10 KB of arguments and more.
  ///   - replicas: how many replicas must have the effect too, see ``send(_:replicas:timeout:receive:)``.
  package func run(
    _ script: RedisScript, keys: [String], _ arguments: [RedisArgument] = [], isIdempotent: Bool = false,
    lane: RedisCommand.Lane? = .small, replicas: Int = 0, timeout: Duration? = nil, receive: @escaping Receiver
  ) {
    let lane = replicas > 0 ? .durable : lane
    let byHash = script.command("EVALSHA", script.hash, keys, arguments, isIdempotent: isIdempotent, lane: lane)
    let byText = script.command("EVAL", script.text, keys, arguments, isIdempotent: isIdempotent, lane: lane)
    mailbox.submit([Submission(byHash, ifUnknownScript: byText, deadline: deadline(timeout), replicas: replicas, receive)])
  }

  /// Calls a function on the client's thread after a while, unless the client has gone by then. It must be quick.
  package func run(after delay: Duration, _ action: @escaping @Sendable () -> Void) { mailbox.post { $0.after(delay, action) } }

  /// Whether the servers can be used now, as far as the client knows.
  package var state: RedisState { mailbox.state }

  package var counters: RedisCounters { mailbox.counters }

  private func deadline(_ timeout: Duration?) -> Instant { .now + (timeout ?? options.timeout) }
}

/// The results of several commands.
private final class Gathering: Sendable {
  private let results: Mutex<(missing: Int, list: [Result<RedisReply, RedisError>?])>
  private let receive: @Sendable ([Result<RedisReply, RedisError>]) -> Void

  init(_ count: Int, _ receive: @escaping @Sendable ([Result<RedisReply, RedisError>]) -> Void) {
    results = Mutex((count, [Result<RedisReply, RedisError>?](repeating: nil, count: count)))
    self.receive = receive
  }

  func set(_ result: Result<RedisReply, RedisError>, at place: Int) {
    let all = results.withLock { results in
      results.list[place] = result
      results.missing -= 1
      return results.missing == 0 ? results.list.compactMap { $0 } : nil
    }
    if let all { receive(all) }
  }
}

/// Passes a value that cannot be copied to a new thread.
private final class Handover: @unchecked Sendable {
  // Written before the thread starts.
  private var epoll: Epoll?

  init(_ epoll: consuming Epoll) { self.epoll = consume epoll }

  func take() -> Epoll { epoll.take()! }
}
