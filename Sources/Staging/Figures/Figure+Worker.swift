import SystemCalls

extension Figure where Subject == WorkerMoment {
  /// What each living worker is about. Counted since it started.
  package static let worker: [Figure] = [
    Figure("uptime_seconds", "UP", .gauge, .seconds, "Time since the worker started.") {
      WallClock.seconds(from: $0.worker.started, to: $0.now)
    },
    Figure("state", nil, .gauge, .count, "1 for the worker's current state: starting, serving or draining.") {
      [FigureSample(labels: [("state", "\($0.worker.state)")], value: .number(1))]
    },
    Figure("in_flight", "IN FLIGHT", .gauge, .count, "Requests not yet answered, as of the last second.") {
      Double($0.worker.inFlight)
    },
    Figure("deferred", "DEFERRED", .gauge, .count, "Requests in flight that wait for their due time or for memory for their body.") {
      Double($0.worker.deferred)
    },
    Figure("requests", "REQUESTS", .counter, .count, "Requests answered.", value: counter(.requests)),
    Figure("drawn", "DRAWN", .counter, .count, "Images drawn.", value: counter(.drawn)),
    Figure("served", "SERVED", .counter, .count, "Images served.", value: counter(.served)),
    Figure("refused", "REFUSED", .counter, .count, "Responses with a status of 400 or more.", value: counter(.refused)),
  ]

  private static func counter(_ counter: WorkerCounter) -> @Sendable (WorkerMoment) -> Double? {
    { Double($0.worker.counters[counter, default: 0]) }
  }
}
