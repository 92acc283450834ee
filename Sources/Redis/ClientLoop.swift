import HeapModule
import SystemCalls
import SystemPackage

/// What a client's thread does: sends, receives, keeps time. Everything that it refers to lives on that thread, except the mailbox.
final class ClientLoop {
  static let mailboxTag: UInt64 = 0

  let url: RedisURL
  let options: RedisOptions
  let mailbox: Mailbox
  let epoll: Epoll
  let resolver: Resolver
  /// Set in `run`.
  private(set) var topology: (any Topology)!
  private(set) var subscriptions: Subscriptions!
  /// Connections by the number of their attempt.
  var sockets: [UInt64: Connection] = [:]
  /// Connections that have something to send.
  var flushes: [Connection] = []
  /// Requests for which no server is known.
  var parked: [Request] = []
  var parkedSince: Instant?
  var deadlines = DeadlineQueue()
  private var timers = Heap<LoopTimer>()
  private var lastTag = mailboxTag
  private(set) var hasStopped = false

  init(
    _ url: RedisURL, _ options: RedisOptions, _ mailbox: Mailbox, _ epoll: consuming Epoll,
    lookUp: @escaping Resolver.LookUp = { SocketAddress.lookUp($0, port: $1) }
  ) {
    (self.url, self.options, self.mailbox) = (url, options, mailbox)
    self.epoll = epoll
    resolver = Resolver(mailbox, lookUp: lookUp)
  }

  func run() {
    topology = makeTopology()
    subscriptions = Subscriptions(self)
    topology.start()
    tick()
    while !hasStopped {
      work()
      for event in wait() {
        guard event.tag != Self.mailboxTag else {
          mailbox.silence()
          continue
        }
        guard let connection = sockets[event.tag] else { continue }
        if event.isWritable { connection.writable() }
        if event.isReadable, sockets[event.tag] === connection { connection.readable() }
      }
      runTimers()
    }
  }

  /// Everything that is at hand, before the thread waits.
  private func work() {
    repeat {
      for item in mailbox.takeAll() {
        switch item {
        case .command(let submission): submit(Request(submission))
        case .action(let action): action(self)
        }
      }
      while let connection = flushes.popLast() {
        connection.isScheduled = false
        connection.flush()
      }
    } while !flushes.isEmpty
  }

  private func wait() -> [Epoll.Event] {
    let deadline = [timers.min?.instant, deadlines.next()].compactMap { $0 }.min()
    let sleeps = mailbox.fallAsleep()
    defer { mailbox.wakeUp() }
    // An error could only mean that memory is short, and may pass.
    return (try? epoll.wait(until: sleeps ? deadline : .now)) ?? []
  }

  // MARK: - Time

  func newTag() -> UInt64 {
    lastTag += 1
    return lastTag
  }

  func after(_ delay: Duration, _ action: @escaping () -> Void) { timers.insert(LoopTimer(instant: .now + delay, action: action)) }

  private func runTimers() {
    let now = Instant.now
    while let timer = timers.min, timer.instant <= now { timers.removeMin().action() }
    while let request = deadlines.popExpired(now) { expire(request) }
  }

  private func tick() {
    after(.milliseconds(500)) { [unowned self] in tick() }
    topology.tick()
    subscriptions.tick()
    for connection in Array(sockets.values) { connection.checkPulse() }
    show()
  }

  func show() { mailbox.show(topology.state) }

  func stop() {
    hasStopped = true
    for request in topology.close("the client was closed") { answer(request, .failure(request.failure)) }
    for request in deadlines.removeAll() where !request.isDone { answer(request, .failure(request.failure)) }
    mailbox.stop()
  }

  func changed(_ connection: Connection) {
    topology.changed(connection)
    subscriptions.changed(connection)
    show()
  }

  private func makeTopology() -> any Topology {
    switch url.topology {
    case .single(let endpoint): SingleServer(endpoint, self)
    case .cluster(let endpoints): Cluster(endpoints, self)
    case .sentinel(let name, let endpoints): Sentinels(name, endpoints, self)
    }
  }

  /// The server belongs to a Cluster.
  func becomeCluster(_ endpoint: RedisEndpoint) {
    guard topology.mayBeCluster else { return }
    let requests = topology.close("\(endpoint) belongs to a Cluster")
    topology = Cluster([endpoint], self)
    topology.start()
    for request in requests { route(request) }
    subscriptions.leave()
    show()
  }
}

struct LoopTimer: Comparable {
  let instant: Instant
  let action: () -> Void

  static func < (one: LoopTimer, other: LoopTimer) -> Bool { one.instant < other.instant }
  static func == (one: LoopTimer, other: LoopTimer) -> Bool { one.instant == other.instant }
}

extension RedisState {
  package var reason: String? { if case .unavailable(let reason) = self { reason } else { nil } }
}
