import DequeModule
import Glibc
import HeapModule
package import SystemCalls
package import SystemPackage

/// One thread that serves all connections of a worker: it accepts, parses small requests and sends ready responses. It never draws.
///
/// The intake thread reads and parses large requests. The renderer thread makes the responses that take work. A response that is due later
/// waits here. A waiting connection costs a descriptor and some bytes, but no thread. Connections are kept open, and only readable ones are
/// read, so idle ones block nothing.
///
/// SIGTERM or SIGINT stops the loop: it accepts nothing more, finishes the requests in flight, and returns. ``closingSignal`` comes earlier
/// if the server in front of the loop will stop first: the loop keeps serving, but at once refuses requests that are due too late to reach
/// a client. In both cases, requests that are not finished in time are refused rather than dropped. ``leavingSignal`` comes before either and
/// only announces it.
package final class EventLoop {
  /// Decides how to answer a request. Called on the intake thread for large requests, on the loop's thread for all others.
  package typealias Handler = @Sendable (Request) -> Reply

  package static let closingSignal = SIGUSR1
  package static let leavingSignal = SIGUSR2

  let listener: CInt
  package let limits: EventLoopLimits
  let respond: Handler
  /// The response to a request for which there is no memory, no capacity or no time.
  let overloaded: Response
  /// The rest of a response that has begun, if there is no time for what should follow.
  let cutShort: Response
  let poller: Poller
  let reader: RequestReader
  let completions: CompletionQueue
  let renderer: RendererThread
  let intake: IntakeThread
  /// Blocks the signals: libfcgi does not retry its reads, so a signal during one would make a truncated body look like a whole request.
  private let signals: SignalDescriptor

  /// Called once, on the loop's thread, when it begins to drain.
  package var onStop: () -> Void = {}

  /// Called once, on the loop's thread, when it first learns that it will stop.
  package var onLeave: () -> Void = {}

  /// Called once, on the renderer's thread, before its first job.
  package var prepareRenderer: @Sendable () -> Void = {}

  /// Returns the response that makes nginx send a request to another worker; nil if nginx must not do that.
  package var redirectElsewhere: (Request) -> Response? = { _ in nil }

  /// Returns whether another worker accepts from the same socket and its renderer does not stall.
  package var othersAreIdle: () -> Bool = { false }

  /// Called with the time since which no job of the renderer has made progress, whenever that changes; nil if there is no job. Called on
  /// the loop's or the renderer's thread, so it must be quick.
  package var showStall: @Sendable (Instant?) -> Void = { _ in }

  var connections: [CInt: Connection] = [:]
  var nextGeneration: UInt32 = 0
  var isListening = false
  private var deadlines = Heap<Deadline>()
  private var watches: [CInt: (Poller.Readiness) -> Void] = [:]
  var scheduled = Heap<ScheduledJob>()
  var bodies: BodyMemoryBudget
  /// The connections with a polled reply; some may be closed.
  var polled: [ConnectionID] = []
  /// The connections with an open stream, from the moment that its head is sent.
  var streams: Set<ConnectionID> = []
  /// Whether the streams' next tick is due.
  var isTicking = false
  /// When they are polled next.
  var nextPoll: Instant?
  /// Bytes of finished responses that wait for their time.
  var heldBytes = 0
  private var drainsUntil: Instant?
  /// The instant after which no response reaches a client any more, if it is known.
  private var closesAt: Instant?
  private var isLeaving = false
  var isWatchingRenderer = false
  /// Whether other workers take the requests for the renderer, and accept new connections.
  var isPassingOn = false
  /// Whether a connection was waiting when the loop last checked.
  var wasIgnored = false
  var mistrustsOthersUntil = Instant.now

  /// - Parameter listener: a listening stream socket, which the loop does not close. Other processes may accept from it too.
  package init(
    listener: CInt, limits: EventLoopLimits = EventLoopLimits(), overloaded: Response = Response(status: 503),
    cutShort: Response = Response(), handler: @escaping Handler
  ) throws(Errno) {
    // Otherwise libfcgi would install its own handler.
    signal(SIGPIPE, SIG_IGN)
    signals = try SignalDescriptor([SIGTERM, SIGINT, Self.closingSignal, Self.leavingSignal])
    poller = try Poller()
    reader = RequestReader(bodyLimit: limits.bodyBytes)
    completions = try CompletionQueue()
    renderer = try RendererThread(limit: limits.waitingForRenderer, completions: completions)
    intake = try IntakeThread(completions: completions, handler: handler)
    bodies = BodyMemoryBudget(limit: limits.bodyRoom, smallBody: limits.smallBodyBytes)
    self.listener = listener
    self.limits = limits
    self.overloaded = overloaded
    self.cutShort = cutShort
    respond = handler
  }

  /// Calls `action` on the loop's thread whenever a descriptor is ready, until ``unwatch(_:)``. A second call for the same descriptor
  /// replaces the first. Must be called on the loop's thread, or before the loop runs.
  package func watch(
    _ descriptor: CInt, for readiness: Poller.Readiness = .readable, _ action: @escaping (Poller.Readiness) -> Void
  ) throws(Errno) {
    if watches.updateValue(action, forKey: descriptor) == nil {
      try poller.add(descriptor, .watched(descriptor), awaits: readiness)
    } else {
      try poller.change(descriptor, .watched(descriptor), awaits: readiness)
    }
  }

  /// Stops watching a descriptor. Must be called before the descriptor is closed.
  package func unwatch(_ descriptor: CInt) {
    guard watches.removeValue(forKey: descriptor) != nil else { return }
    try? poller.remove(descriptor)
  }

  /// Runs `action` on the loop's thread at an interval, as long as the loop runs.
  package func every(_ interval: Duration, _ action: @escaping () -> Void) {
    after(interval) { [unowned self] in
      every(interval, action)
      action()
    }
  }

  /// Runs `action` once, on the loop's thread.
  package func after(_ interval: Duration, _ action: @escaping () -> Void) {
    deadlines.insert(Deadline(instant: .now + interval, purpose: .action(action)))
  }

  /// Whether the renderer makes progress: it has no job, or has begun or ended a step since the previous call. Must be called on the loop's
  /// thread, at intervals longer than a step takes.
  package func rendererHasMoved() -> Bool { renderer.hasMoved() }

  /// Number of requests that have arrived and are not answered yet. Open streams are answered: they have no end to wait for.
  package var inFlight: Int {
    connections.values.count { connection in
      switch connection.state {
      case .idle, .streaming: false
      default: true
      }
    }
  }

  /// Number of open streams.
  package var openStreams: Int { streams.count }

  /// Number of those that wait for their time or for memory: they are neither being drawn nor being sent.
  package var deferred: Int {
    connections.values.count { connection in
      switch connection.state {
      case .idle, .reading, .rendering, .sending, .streaming: false
      default: true
      }
    }
  }

  /// Accepts nothing more and finishes what is in flight.
  package func stop() {
    guard drainsUntil == nil else { return }
    leave()
    drainsUntil = .now + limits.drainTime
    stopListening()
    endStreams()
    refuseBelatedRequests()
    after(limits.drainTime) { [unowned self] in refuseUnansweredRequests() }
    onStop()
  }

  /// Keeps serving, given that responses reach their clients only for another ``EventLoopLimits/closingTime``.
  package func beginClosing() {
    guard closesAt == nil else { return }
    leave()
    closesAt = .now + limits.closingTime
    endStreams()
    refuseBelatedRequests()
    after(limits.closingTime) { [unowned self] in refuseUnansweredRequests() }
  }

  private func leave() {
    guard !isLeaving else { return }
    isLeaving = true
    onLeave()
  }

  /// Serves until it is stopped and all requests in flight are answered.
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

  /// Whether the loop will stop soon, so that it must not wait for an event that may never happen.
  var isClosing: Bool { isDraining || closesAt != nil }

  /// Whether a response sent at `instant` still reaches its client.
  func isInTime(_ instant: Instant) -> Bool {
    if let drainsUntil, instant >= drainsUntil { return false }
    if let closesAt, instant >= closesAt { return false }
    return true
  }

  /// Continues a waiting connection at `instant`.
  func resume(_ id: ConnectionID, at instant: Instant) {
    if deadlines.count > 2 * limits.connections { forgetClosedConnections() }
    deadlines.insert(Deadline(instant: instant, purpose: .connection(id)))
  }

  /// Keeps clients that leave long before their time from filling the heap.
  private func forgetClosedConnections() {
    deadlines = Heap(
      deadlines.unordered.filter { deadline in
        if case .connection(let id) = deadline.purpose { connection(id) != nil } else { true }
      })
  }

  private var isDrained: Bool {
    guard let drainsUntil else { return false }
    return connections.isEmpty || drainsUntil + limits.farewellTime <= .now
  }

  /// While draining with idle connections, the next round follows at once: one without events shows that none of them has an unread
  /// request.
  private var nextWake: Instant? {
    var next = deadlines.min?.instant
    if let scheduled = nextScheduled { next = min(next ?? scheduled, scheduled) }
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
    while let signal = signals.next() {
      switch signal {
      case Self.leavingSignal: leave()
      case Self.closingSignal: beginClosing()
      default: stop()
      }
    }
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

  var instant: Instant
  var purpose: Purpose

  static func < (one: Deadline, other: Deadline) -> Bool { one.instant < other.instant }
  static func == (one: Deadline, other: Deadline) -> Bool { one.instant == other.instant }
}
