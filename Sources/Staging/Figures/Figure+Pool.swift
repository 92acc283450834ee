extension Figure where Subject == PoolSnapshot {
  /// What all workers did together, the dead included. Counted since the scoreboard was made.
  package static let pool: [Figure] = [
    Figure(
      "requests", nil, .counter, .count,
      "Requests answered, by route and status; 444 stands for a connection reset on purpose, 0 for any without a place."
    ) {
      $0.totals.answers.map {
        FigureSample(labels: [("route", $0.route), ("status", String($0.status))], value: .number(Double($0.count)))
      }
    },
    Figure("request_duration_seconds", nil, .histogram, .seconds, "From a request's arrival at a worker until its answer may be sent.") {
      $0.totals.latency.map { FigureSample(labels: [("route", $0.route)], value: .histogram($0.histogram)) }
    },
    Figure("drawing_duration_seconds", nil, .histogram, .seconds, "Drawing and encoding one image.") {
      [FigureSample(value: .histogram($0.totals.drawing))]
    },
    Figure("images_drawn", nil, .counter, .count, "Images drawn.", value: counter(.drawn)),
    Figure("images_served", nil, .counter, .count, "Images served from the store.", value: counter(.served)),
    Figure("response_bytes", nil, .counter, .bytes, "Bytes of the answers' bodies; of streams, the beginning.", value: counter(.bytes)),
    Figure("requests_unrecorded", nil, .counter, .count, "Requests that the journal could not take.", value: counter(.unrecorded)),
    Figure("worker_starts", nil, .counter, .count, "Workers that started.", value: counter(.starts)),
    Figure(
      "worker_deaths", nil, .counter, .count, "Workers that were killed or crashed, counted when another takes their place.",
      value: counter(.deaths)),
    Figure("workers", nil, .gauge, .count, "Workers that live.") { Double($0.workers.count) },
    Figure("requests_in_flight", nil, .gauge, .count, "Requests not yet answered, as of the last second.") {
      $0.workers.reduce(0) { $0 + Double($1.inFlight) }
    },
    Figure("requests_deferred", nil, .gauge, .count, "Those among them that wait for their time, or for room for their body.") {
      $0.workers.reduce(0) { $0 + Double($1.deferred) }
    },
  ]

  private static func counter(_ counter: WorkerCounter) -> @Sendable (PoolSnapshot) -> Double? {
    { Double($0.totals.counters[counter, default: 0]) }
  }
}
