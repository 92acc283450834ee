import ImageStore
import SystemCalls

extension Metric where Subject == PoolSnapshot {
  /// The images and the shared memory that they are in. Counted since that memory was made.
  package static let store: [Metric] = [
    Metric("images", "IMAGES", .gauge, .count, "Images that are live.") { Double($0.store.images) },
    Metric("used_bytes", "USED", .gauge, .bytes, "Bytes of the live images.") { Double($0.store.bytesUsed) },
    Metric("free_bytes", "FREE", .gauge, .bytes, "Bytes that new images find without an eviction.") { moment in
      moment.store.bytesCapacity.map { Double($0 - moment.store.bytesUsed) }
    },
    Metric("capacity_bytes", "SIZE", .gauge, .bytes, "Bytes that images can take together.") { $0.store.bytesCapacity.map(Double.init) },
    Metric("capacity_images", nil, .gauge, .count, "Images that the index has room for.") { $0.store.imageCapacity.map(Double.init) },
    Metric("oldest_age_seconds", "OLDEST", .gauge, .seconds, "Age of the oldest live image; absent where there is none.") { moment in
      moment.store.oldest.map(moment.age)
    },
    Metric("newest_age_seconds", "NEWEST", .gauge, .seconds, "Age of the newest live image; absent where there is none.") { moment in
      moment.store.newest.map(moment.age)
    },
    Metric("inserted", "INSERTED", .counter, .count, "Images stored.") { Double($0.store.inserted) },
    Metric("evicted", "EVICTED", .counter, .count, "Images that gave up their room before their time.") { Double($0.store.evicted) },
    Metric("expired", "EXPIRED", .counter, .count, "Images whose time was over.") { Double($0.store.expired) },
    Metric("lock_owners_died", "DIED LOCKING", .counter, .count, "Processes that died with the store's lock; it was taken over each time.")
    {
      $0.store.lockOwnersDied.map(Double.init)
    },
    Metric("reads_overtaken", "OVERTAKEN", .counter, .count, "Reads of an image that was evicted while it was copied, answered with 404.") {
      $0.store.readsOvertaken.map(Double.init)
    },
  ]
}

extension Metric where Subject == PoolSnapshot {
  /// What all workers did together, the dead included. Counted since the scoreboard was made.
  package static let pool: [Metric] = [
    Metric(
      "requests", nil, .counter, .count,
      "Requests answered, by route and status; 444 stands for a connection reset on purpose, 0 for any without a place."
    ) {
      $0.totals.answers.map {
        MetricSample(labels: [("route", $0.route), ("status", String($0.status))], value: .number(Double($0.count)))
      }
    },
    Metric("request_duration_seconds", nil, .histogram, .seconds, "From a request's arrival at a worker until its answer may be sent.") {
      $0.totals.latency.map { MetricSample(labels: [("route", $0.route)], value: .histogram($0.histogram)) }
    },
    Metric("drawing_duration_seconds", nil, .histogram, .seconds, "Drawing and encoding one image.") {
      [MetricSample(value: .histogram($0.totals.drawing))]
    },
    Metric("images_drawn", nil, .counter, .count, "Images drawn.", value: counter(.drawn)),
    Metric("images_served", nil, .counter, .count, "Images served from the store.", value: counter(.served)),
    Metric("response_bytes", nil, .counter, .bytes, "Bytes of the answers' bodies; of streams, the beginning.", value: counter(.bytes)),
    Metric("requests_unrecorded", nil, .counter, .count, "Requests that the journal could not take.", value: counter(.unrecorded)),
    Metric("worker_starts", nil, .counter, .count, "Workers that started.", value: counter(.starts)),
    Metric(
      "worker_deaths", nil, .counter, .count, "Workers that were killed or crashed, counted when another takes their place.",
      value: counter(.deaths)),
    Metric("workers", nil, .gauge, .count, "Workers that live.") { Double($0.workers.count) },
    Metric("requests_in_flight", nil, .gauge, .count, "Requests not yet answered, as of the last second.") {
      $0.workers.reduce(0) { $0 + Double($1.inFlight) }
    },
    Metric("requests_deferred", nil, .gauge, .count, "Those among them that wait for their time, or for room for their body.") {
      $0.workers.reduce(0) { $0 + Double($1.deferred) }
    },
  ]

  private static func counter(_ counter: WorkerCounter) -> @Sendable (PoolSnapshot) -> Double? {
    { Double($0.totals.counters[counter, default: 0]) }
  }
}

extension Metric where Subject == WorkerSnapshot {
  /// What each living worker is about. Counted since it started.
  package static let worker: [Metric] = [
    Metric("uptime_seconds", "UP", .gauge, .seconds, "Since the worker started.") {
      WallClock.seconds(from: $0.worker.started, to: $0.now)
    },
    Metric("state", nil, .gauge, .count, "1 for what the worker is about: starting, serving or draining.") {
      [MetricSample(labels: [("state", "\($0.worker.state)")], value: .number(1))]
    },
    Metric("in_flight", "IN FLIGHT", .gauge, .count, "Its requests not yet answered, as of the last second.") {
      Double($0.worker.inFlight)
    },
    Metric("deferred", "DEFERRED", .gauge, .count, "Those among them that wait for their time, or for room for their body.") {
      Double($0.worker.deferred)
    },
    Metric("requests", "REQUESTS", .counter, .count, "Requests answered.", value: counter(.requests)),
    Metric("drawn", "DRAWN", .counter, .count, "Images drawn.", value: counter(.drawn)),
    Metric("served", "SERVED", .counter, .count, "Images served.", value: counter(.served)),
    Metric("refused", "REFUSED", .counter, .count, "Answers with a status of 400 or more.", value: counter(.refused)),
  ]

  private static func counter(_ counter: WorkerCounter) -> @Sendable (WorkerSnapshot) -> Double? {
    { Double($0.worker.counters[counter, default: 0]) }
  }
}
