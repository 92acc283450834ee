import DequeModule
import Glibc
import HeapModule
import SystemCalls
package import SystemPackage

/// One thread that serves all connections of a worker: accepts, parses what is small, answers what is ready, and never draws.
///
/// Large requests are read and parsed by the intake thread. A response that takes work is made by the renderer thread, and one that is due later
/// waits here for its time. Either way its connection costs a descriptor and some bytes, no thread. Connections are kept, and only readable ones
/// are read, so that idle ones starve nobody.
///
/// SIGTERM or SIGINT stop it: it accepts nothing more, finishes what is in flight, and returns. ``closingSignal`` comes earlier, if whatever
/// is in front of it is to end first: the loop serves on, but refuses at once what would be due too late to reach a client.
package final class EventLoop {
  /// Decides on a request: on a large one on the intake thread, on all others on the loop's.
  package typealias Handler = @Sendable (Request) -> Reply

  package static let closingSignal = SIGUSR1

  let listener: CInt
  package let limits: EventLoopLimits
  let respond: Handler
  /// The response to a request for which there is no room or no time.
  let overloaded: Response
  let poller: Poller
  let reader: RequestReader
  let completions: CompletionQueue
  let renderer: RendererThread
  let intake: IntakeThread
  /// libfcgi does not retry its reads, so a signal in the middle of one would pass a truncated body off as a whole request.
  private let signals: SignalDescriptor

  /// Called once, on the loop's thread, when it begins to drain.
  package var onStop: () -> Void = {}

  /// Called once, on the renderer's thread, before its first job.
  package var prepareRenderer: @Sendable () -> Void = {}

  /// The response that has nginx send a request to another worker; nil if that is not to be done.
  package var redirectElsewhere: (Request) -> Response? = { _ in nil }

  /// Whether another worker accepts from the same socket and its renderer does not stall.
  package var othersAreIdle: () -> Bool = { false }

  /// Called whenever the time since which the renderer has finished nothing changes; with nil if it has nothing to do. On the loop's or the
  /// renderer's thread, so it must be quick.
  package var showStall: @Sendable (ContinuousClock.Instant?) -> Void = { _ in }

  var connections: [CInt: Connection] = [:]
  var nextGeneration: UInt32 = 0
  var isListening = false
  private var deadlines = Heap<Deadline>()
  private var watches: [CInt: (Poller.Readiness) -> Void] = [:]
  var scheduled = Heap<ScheduledJob>()
  var bodies: BodyMemoryBudget
  /// The connections with a reply that is polled; some may have left.
  var polled: [ConnectionID] = []
  /// When they are polled next.
  var nextPoll: ContinuousClock.Instant?
  /// Bytes of responses that are finished and wait for their time.
  var heldBytes = 0
  private var drainsUntil: ContinuousClock.Instant?
  /// From when on no response reaches a client, as far as that is known.
  private var closesAt: ContinuousClock.Instant?
  var isWatchingRenderer = false
  /// Other workers do what comes for the renderer, and accept what connects.
  var isPassingOn = false
  /// A connection waited when the loop last looked.
  var wasIgnored = false
  var mistrustsOthersUntil = ContinuousClock.now

  /// - Parameter listener: a listening stream socket, which the loop does not close. Other processes may accept from it too.
  package init(
    listener: CInt, limits: EventLoopLimits = EventLoopLimits(), overloaded: Response = Response(status: 503),
    handler: @escaping Handler
  ) throws(Errno) {
    // libfcgi would otherwise install a handler of its own.
    signal(SIGPIPE, SIG_IGN)
    signals = try SignalDescriptor([SIGTERM, SIGINT, Self.closingSignal])
    poller = try Poller()
    reader = RequestReader(bodyLimit: limits.bodyBytes)
    completions = try CompletionQueue()
    renderer = try RendererThread(limit: limits.waitingForRenderer, completions: completions)
    intake = try IntakeThread(completions: completions, handler: handler)
    bodies = BodyMemoryBudget(limit: limits.bodyRoom, smallBody: limits.smallBodyBytes)
    self.listener = listener
    self.limits = limits
    self.overloaded = overloaded
    respond = handler
  }

  /// Calls `action` on the loop's thread whenever a descriptor is ready, until ``unwatch(_:)``. A second call for the same descriptor replaces
  /// the first. To be called on the loop's thread, or before it runs.
  package func watch(
    _ descriptor: CInt, for readiness: Poller.Readiness = .readable, _ action: @escaping (Poller.Readiness) -> Void
  ) throws(Errno) {
    if watches.updateValue(action, forKey: descriptor) == nil {
      try poller.add(descriptor, .watched(descriptor), awaits: readiness)
    } else {
      try poller.change(descriptor, .watched(descriptor), awaits: readiness)
    }
  }

  /// To be called before the descriptor is closed.
  package func unwatch(_ descriptor: CInt) {
    guard watches.removeValue(forKey: descriptor) != nil else { return }
    try? poller.remove(descriptor)
  }

  /// Runs `action` on the loop's thread again and again, for as long as the loop does.
  package func every(_ interval: Duration, _ action: @escaping () -> Void) {
    after(interval) { [unowned self] in
      every(interval, action)
      action()
    }
  }

  /// Runs `action` on the loop's thread once.
  package func after(_ interval: Duration, _ action: @escaping () -> Void) {
    deadlines.insert(Deadline(instant: .now + interval, purpose: .action(action)))
  }

  /// Whether the renderer works: it has no job, or has begun or ended a step since the last time this was asked. To be asked on the loop's
  /// thread, at intervals that are longer than a step takes.
  package func rendererHasMoved() -> Bool { renderer.hasMoved() }

  /// Requests that have come and are not yet answered.
  package var inFlight: Int {
    connections.values.count { if case .idle = $0.state { false } else { true } }
  }

  /// Those among them that wait for their time, or for memory: neither drawn nor sent just now.
  package var deferred: Int {
    connections.values.count { connection in
      switch connection.state {
      case .idle, .reading, .rendering, .sending: false
      default: true
      }
    }
  }

  /// Accepts nothing more and finishes what is in flight.
  package func stop() {
    guard drainsUntil == nil else { return }
    drainsUntil = .now + limits.drainTime
    stopListening()
    refuseBelatedRequests()
    onStop()
  }

  /// Serves on, knowing that responses reach their clients for ``EventLoopLimits/closingTime`` only.
  package func beginClosing() {
    guard closesAt == nil else { return }
    closesAt = .now + limits.closingTime
    refuseBelatedRequests()
  }

  /// Serves until it is stopped and all that was in flight is answered.
  package func run() throws(Errno) {
    try makeListenerNonBlocking()
    try watch(signals.descriptor.rawValue) { [unowned self] _ in takeSignals() }
    try watch(completions.descriptor) { [unowned self] _ in takeCompletions() }
    try listen()
    try renderer.start(showing: showStall, after: prepareRenderer)
    try intake.start()
    while !isDrained {
      let events = try poller.wait(until: nextWake)
      for event in events { dispatch(event) }
      fireDeadlines()
      readWaitingBodies()
      beginScheduled()
      if drainsUntil != nil, events.isEmpty { closeIdleConnections() }
    }
    connections.removeAll()
  }

  package var isDraining: Bool { drainsUntil != nil }

  /// Whether the end is in sight, so that nothing is waited for that may never come.
  var isClosing: Bool { isDraining || closesAt != nil }

  /// Whether a response still reaches its client then.
  func isInTime(_ instant: ContinuousClock.Instant) -> Bool { [drainsUntil, closesAt].allSatisfy { $0.map { instant < $0 } ?? true } }

  /// Goes on with a waiting connection then.
  func resume(_ id: ConnectionID, at instant: ContinuousClock.Instant) {
    if deadlines.count > 2 * limits.connections { forgetClosedConnections() }
    deadlines.insert(Deadline(instant: instant, purpose: .connection(id)))
  }

  /// Clients that leave long before their time must not fill the heap.
  private func forgetClosedConnections() {
    deadlines = Heap(
      deadlines.unordered.filter { deadline in
        if case .connection(let id) = deadline.purpose { connection(id) != nil } else { true }
      })
  }

  private var isDrained: Bool {
    guard let drainsUntil else { return false }
    return connections.isEmpty || drainsUntil <= .now
  }

  /// While draining, a round without events shows that no request is unread on an idle connection, so it comes at once.
  private var nextWake: ContinuousClock.Instant? {
    let next = [deadlines.min?.instant, nextScheduled].compactMap { $0 }.min()
    guard isDraining else { return next }
    return inFlight < connections.count ? .now : min(next ?? .now + .seconds(1), .now + .seconds(1))
  }

  private func dispatch(_ event: Poller.Event) {
    switch event.source {
    case .listener: accept()
    case .watched(let descriptor): watches[descriptor]?(event.readiness)
    case .connection(let id): serve(id, event.readiness)
    }
  }

  private func takeSignals() {
    while let signal = signals.next() { if signal == Self.closingSignal { beginClosing() } else { stop() } }
  }

  private func takeCompletions() { for item in completions.takeAll() { complete(item) } }

  private func fireDeadlines() {
    while let deadline = deadlines.min, deadline.instant <= .now {
      deadlines.removeMin()
      switch deadline.purpose {
      case .connection(let id): resume(id)
      case .action(let action): action()
      }
    }
  }
}

private struct Deadline: Comparable {
  enum Purpose {
    case connection(ConnectionID)
    case action(() -> Void)
  }

  var instant: ContinuousClock.Instant
  var purpose: Purpose

  static func < (one: Deadline, other: Deadline) -> Bool { one.instant < other.instant }
  static func == (one: Deadline, other: Deadline) -> Bool { one.instant == other.instant }
}
