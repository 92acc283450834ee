import HeapModule

/// Work that is to begin in a window of time, the most urgent first.
struct ScheduledJob: Comparable {
  var window: ClosedRange<ContinuousClock.Instant>
  var connection: ConnectionID

  static func < (one: ScheduledJob, other: ScheduledJob) -> Bool { one.window.upperBound < other.window.upperBound }
}

extension EventLoop {
  func schedule(
    _ connection: Connection, _ work: Work, _ window: ClosedRange<ContinuousClock.Instant>, _ exchange: RequestState
  ) {
    guard isInTime(window.upperBound) else { return refuse(connection, exchange) }
    connection.state = .scheduled(work, window.upperBound, exchange)
    if scheduled.count > 2 * limits.connections { scheduled = Heap(scheduled.unordered.filter { self.connection($0.connection) != nil }) }
    scheduled.insert(ScheduledJob(window: window, connection: connection.id))
  }

  /// Begins what must be begun, and while there is leisure what may be.
  func beginScheduled() {
    while let next = nextScheduled, next <= .now {
      let id = scheduled.removeMin().connection
      guard let connection = connection(id), case .scheduled(let work, _, let exchange) = connection.state else { continue }
      render(connection, work, exchange)
    }
  }

  /// When the next one begins, as things stand.
  var nextScheduled: ContinuousClock.Instant? {
    scheduled.min.map { hasLeisure ? $0.window.lowerBound : $0.window.upperBound }
  }

  /// Whether work may be begun before it must. Few jobs at a time, so that one that is wanted now waits behind few; those count that are
  /// done but not yet among the held bytes, for the renderer may be faster than the loop.
  var hasLeisure: Bool { heldBytes < limits.heldBytes && renderer.outstandingCount < 4 }
}
