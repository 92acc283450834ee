extension Figure where Subject == PoolSnapshot {
  /// What all workers did together, the dead included. Counted since the scoreboard was made.
  package static let pool: [Figure] = [
    Figure(
      "requests", nil, .counter, .count,
      "Requests answered, by route and status; 444 is a connection reset by a fault, 0 is any status that is not counted separately."
    ) {
      $0.totals.answers.map {
        FigureSample(labels: [("route", $0.route), ("status", String($0.status))], value: .number(Double($0.count)))
      }
    },
    Figure("request_duration_seconds", nil, .histogram, .seconds, "Time from a request's arrival at a worker to its response's due time.") {
      $0.totals.latency.map { FigureSample(labels: [("route", $0.route)], value: .histogram($0.histogram)) }
    },
    Figure("drawing_duration_seconds", nil, .histogram, .seconds, "Time to draw and encode one image.") {
      [FigureSample(value: .histogram($0.totals.drawing))]
    },
    Figure("images_drawn", nil, .counter, .count, "Images drawn.", value: counter(.drawn)),
    Figure("images_served", nil, .counter, .count, "Images served from the store.", value: counter(.served)),
    Figure("response_bytes", nil, .counter, .bytes, "Bytes of response bodies; of streams, only the beginning.", value: counter(.bytes)),
    Figure("requests_unrecorded", nil, .counter, .count, "Requests that the journal could not record.", value: counter(.unrecorded)),
    Figure("worker_starts", nil, .counter, .count, "Workers that started.", value: counter(.starts)),
    Figure(
      "worker_deaths", nil, .counter, .count, "Workers that were killed or crashed, counted when a replacement starts.",
      value: counter(.deaths)),
    Figure("workers", nil, .gauge, .count, "Workers that are running.") { Double($0.workers.count) },
    Figure("requests_in_flight", nil, .gauge, .count, "Requests not yet answered, as of the last second.") {
      $0.workers.reduce(0) { $0 + Double($1.inFlight) }
    },
    Figure("requests_deferred", nil, .gauge, .count, "Requests in flight that wait for their due time or for memory for their body.") {
      $0.workers.reduce(0) { $0 + Double($1.deferred) }
    },
  ]

  private static func counter(_ counter: WorkerCounter) -> @Sendable (PoolSnapshot) -> Double? {
    { Double($0.totals.counters[counter, default: 0]) }
  }
}
