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
  private var parked: [Request] = []
  private var parkedSince: ContinuousClock.Instant?
  private var deadlines = DeadlineQueue()
  private var timers = Heap<LoopTimer>()
  private var lastTag = mailboxTag
  private var hasStopped = false

  init(_ url: RedisURL, _ options: RedisOptions, _ mailbox: Mailbox, _ epoll: consuming Epoll) {
    (self.url, self.options, self.mailbox) = (url, options, mailbox)
    self.epoll = epoll
    resolver = Resolver(mailbox)
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
    let now = ContinuousClock.now
    while let timer = timers.min, timer.instant <= now { timers.removeMin().action() }
    while let request = deadlines.popExpired(now) { expire(request) }
  }

  private func tick() {
    after(.milliseconds(500)) { [unowned self] in tick() }
    topology.tick()
    subscriptions.tick()
    show()
  }

  func show() { mailbox.show(topology.state) }

  func stop() {
    hasStopped = true
    for request in topology.close("the client was closed") { answer(request, .failure(request.failure)) }
    for request in deadlines.removeAll() where !request.isDone { answer(request, .failure(request.failure)) }
    mailbox.stop()
  }

  // MARK: - Requests

  /// Sends a request, and answers it at its deadline at the latest.
  func submit(_ request: Request) {
    deadlines.insert(request)
    route(request)
  }

  /// Sends a request of the client's own on that connection.
  func submit(_ request: Request, to connection: Connection) {
    deadlines.insert(request)
    connection.enqueue(request)
  }

  /// The same, ahead of all others.
  func submitFirst(_ request: Request, to connection: Connection) {
    deadlines.insert(request)
    connection.putFirst([request])
  }

  func route(_ request: Request) {
    guard !request.isDone else { return }
    if let node = topology.node(for: request.command.slot) { return node.connection(for: request).enqueue(request) }
    park(request)
  }

  private func park(_ request: Request) {
    let since = parkedSince ?? .now
    parkedSince = since
    guard since.duration(to: .now) <= options.timeout, parked.count < options.queueCount else {
      return answer(request, .failure(.notSent(topology.state.reason ?? "no server is known")))
    }
    parked.append(request)
  }

  /// Sends the requests for which no server was known.
  func unpark() {
    let requests = parked
    parked = []
    for request in requests { route(request) }
    if parked.isEmpty { parkedSince = nil }
  }

  /// Tries again later, if time is left.
  func retry(_ request: Request, after delay: Duration) { after(delay) { [unowned self] in route(request) } }

  /// Of the requests of a connection that broke, those that may be sent again, in their order. The others are answered.
  func repeatable(_ sent: SentRequests, reason: String) -> [Request] {
    var again: [Request] = []
    for request in sent.completely where !request.isDone && request.kind == .command {
      request.getLost(reason)
      if request.command.isIdempotent { again.append(request) } else { answer(request, .failure(.unknown(reason))) }
    }
    for request in sent.partly where !request.isDone && request.kind == .command {
      request.comeBack(.notSent(reason))
      again.append(request)
    }
    return again
  }

  private func expire(_ request: Request) {
    guard !request.isDone else { return }
    let silent = sockets.values.first { $0.isSilent(about: request) && $0.awaiting.contains { $0 === request } }
    answer(request, .failure(request.failure))
    silent?.fail("it does not answer")
  }

  func answer(_ request: Request, _ result: Result<RedisReply, RedisError>) {
    guard !request.isDone else { return }
    if request.kind == .command { mailbox.count { $0.count(result, sent: request.sent) } }
    request.answer(result)
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
  let instant: ContinuousClock.Instant
  let action: () -> Void

  static func < (one: LoopTimer, other: LoopTimer) -> Bool { one.instant < other.instant }
  static func == (one: LoopTimer, other: LoopTimer) -> Bool { one.instant == other.instant }
}

extension RedisState {
  package var reason: String? { if case .unavailable(let reason) = self { reason } else { nil } }
}
