import HeapModule
import SystemCalls

/// Work that must begin within a window of time. The most urgent one orders first.
struct ScheduledJob: Comparable {
  var window: ClosedRange<Instant>
  var connection: ConnectionID

  static func < (one: ScheduledJob, other: ScheduledJob) -> Bool { one.window.upperBound < other.window.upperBound }
}

/// Work whose response is due later does not start at once: its result would only occupy memory until then. Nor does it wait for the last
/// moment, at which many responses may be due. The loop chooses a moment within a window.
extension EventLoop {
  /// Has the renderer do some work, now or in time for the response to be ready when it is due.
  func schedule(_ connection: Connection, _ work: Work, _ state: RequestState) {
    guard let due = state.due, !state.hasBegun, due > .now + limits.leastLead else { return render(connection, work, state) }
    let window = max(.now, due - limits.mostLead)...(due - limits.leastLead)
    guard isInTime(due) else { return refuse(connection, state) }
    connection.state = .scheduled(work, window.upperBound, state)
    if scheduled.count > 2 * limits.connections { scheduled = Heap(scheduled.unordered.filter { self.connection($0.connection) != nil }) }
    scheduled.insert(ScheduledJob(window: window, connection: connection.id))
  }

  /// Begins all work that can wait no longer and, while the renderer has capacity, work that may begin early.
  func beginScheduled() {
    while let next = nextScheduled, next <= .now {
      let id = scheduled.removeMin().connection
      guard let connection = connection(id), case .scheduled(let work, _, let state) = connection.state else { continue }
      render(connection, work, state)
    }
  }

  /// When the next job begins, given the renderer's present load.
  var nextScheduled: Instant? {
    scheduled.min.map { rendererHasCapacity ? $0.window.lowerBound : $0.window.upperBound }
  }

  /// Whether work may begin early. Only a few jobs may be outstanding, so that an urgent one waits behind few. Finished jobs count until
  /// their bytes are in `heldBytes`, because the renderer may be faster than the loop.
  var rendererHasCapacity: Bool { heldBytes < limits.heldBytes && renderer.outstandingCount + completions.count < 4 }
}

/// Replies that are pending: another thread completes them, or the loop polls them.
extension EventLoop {
  func wait(_ connection: Connection, for pending: PendingReply, _ state: RequestState) {
    connection.state = .pending(pending, state)
    resume(connection.id, at: pending.deadline)
    switch pending.source {
    case .completion(let start): start(Completion(connection: connection.id, request: state.number, queue: completions))
    case .polling:
      guard let interval = checkPending(connection) else { return }
      polled.append(connection.id)
      pollAll(in: interval)
    }
  }

  /// Answers a pending reply if its response is ready or its deadline has passed.
  /// - Returns: the interval to the next poll; nil if the reply is answered or is not polled.
  @discardableResult
  func checkPending(_ connection: Connection) -> Duration? {
    guard case .pending(let pending, let state) = connection.state else { return nil }
    var interval: Duration?
    if case .polling(let every, let check) = pending.source {
      if let response = check() {
        perform(.now(response), state, connection)
        return nil
      }
      interval = every
    }
    guard isClosing || pending.deadline <= .now else { return interval }
    perform(Reply(pending.onTimeout()), state, connection)
    return nil
  }

  /// Polls all of them together, so that the loop wakes once per interval, however many wait.
  private func pollAll() {
    let waiting = polled
    polled = []
    var shortest: Duration?
    for id in waiting {
      guard let connection = connection(id), let interval = checkPending(connection) else { continue }
      polled.append(id)
      shortest = min(shortest ?? interval, interval)
    }
    if let shortest { pollAll(in: shortest) }
  }

  /// Polls all of them after `interval`, or earlier.
  private func pollAll(in interval: Duration) {
    let instant = Instant.now + interval
    guard nextPoll.map({ instant < $0 }) ?? true else { return }
    nextPoll = instant
    after(interval) { [unowned self] in
      if nextPoll == instant { nextPoll = nil }
      pollAll()
    }
  }
}
