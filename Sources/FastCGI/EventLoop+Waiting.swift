import HeapModule

/// Work that is to begin in a window of time, the most urgent first.
struct ScheduledJob: Comparable {
  var window: ClosedRange<ContinuousClock.Instant>
  var connection: ConnectionID

  static func < (one: ScheduledJob, other: ScheduledJob) -> Bool { one.window.upperBound < other.window.upperBound }
}

/// Work whose response is due later is not done at once: what it makes would only take up memory until then. Nor is it left to the last moment,
/// at which a crowd of responses may be due. Within a window the loop chooses.
extension EventLoop {
  /// Has the renderer do some work, now or so that the response is there when it is due.
  func schedule(_ connection: Connection, _ work: Work, _ state: RequestState) {
    guard let due = state.due, !state.hasBegun, due > .now + limits.leastLead else { return render(connection, work, state) }
    let window = max(.now, due - limits.mostLead)...(due - limits.leastLead)
    guard isInTime(due) else { return refuse(connection, state) }
    connection.state = .scheduled(work, window.upperBound, state)
    if scheduled.count > 2 * limits.connections { scheduled = Heap(scheduled.unordered.filter { self.connection($0.connection) != nil }) }
    scheduled.insert(ScheduledJob(window: window, connection: connection.id))
  }

  /// Begins what must be begun, and while the renderer has capacity what may be.
  func beginScheduled() {
    while let next = nextScheduled, next <= .now {
      let id = scheduled.removeMin().connection
      guard let connection = connection(id), case .scheduled(let work, _, let state) = connection.state else { continue }
      render(connection, work, state)
    }
  }

  /// When the next one begins, as things are.
  var nextScheduled: ContinuousClock.Instant? {
    scheduled.min.map { rendererHasCapacity ? $0.window.lowerBound : $0.window.upperBound }
  }

  /// Whether work may be begun before it must. Few jobs at a time, so that one that is wanted now waits behind few. Those count that are done
  /// but whose bytes are not yet among the held ones, for the renderer may be faster than the loop.
  var rendererHasCapacity: Bool { heldBytes < limits.heldBytes && renderer.outstandingCount + completions.count < 4 }
}

/// Replies that are pending: completed by another thread, or polled.
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

  /// Answers a pending reply, if its response is there or the wait is over.
  /// - Returns: after how long to poll it again; nil if it is answered or is not polled.
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
    perform(.now(pending.onTimeout()), state, connection)
    return nil
  }

  /// Polls all at once, so that the loop wakes once an interval, however many wait.
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

  /// Polls all then, or earlier.
  private func pollAll(in interval: Duration) {
    let instant = ContinuousClock.now + interval
    guard nextPoll.map({ instant < $0 }) ?? true else { return }
    nextPoll = instant
    after(interval) { [unowned self] in
      if nextPoll == instant { nextPoll = nil }
      pollAll()
    }
  }
}
