import ImageStore
import SystemCalls

extension Metric where Subject == PoolSnapshot {
  /// The images and their shared memory. Counted since the creation of that memory.
  package static let store: [Metric] = [
    Metric("images", "IMAGES", .gauge, .count, "Live images in the store.") { Double($0.store.images) },
    Metric("used_bytes", "USED", .gauge, .bytes, "Bytes that the live images use.") { Double($0.store.bytesUsed) },
    Metric("free_bytes", "FREE", .gauge, .bytes, "Bytes available to new images without evicting others.") { moment in
      moment.store.bytesCapacity.map { Double($0 - moment.store.bytesUsed) }
    },
    Metric("capacity_bytes", "SIZE", .gauge, .bytes, "Bytes that the store can hold.") { $0.store.bytesCapacity.map { Double($0) } },
    Metric("capacity_images", nil, .gauge, .count, "Images that the index can hold.") { $0.store.imageCapacity.map { Double($0) } },
    Metric("oldest_age_seconds", "OLDEST", .gauge, .seconds, "Age of the oldest live image; absent if the store is empty.") { moment in
      moment.store.oldest.map(moment.age)
    },
    Metric("newest_age_seconds", "NEWEST", .gauge, .seconds, "Age of the newest live image; absent if the store is empty.") { moment in
      moment.store.newest.map(moment.age)
    },
    Metric("inserted", "INSERTED", .counter, .count, "Images stored.") { Double($0.store.inserted) },
    Metric("evicted", "EVICTED", .counter, .count, "Images removed before they expired, to make room.") { Double($0.store.evicted) },
    Metric("expired", "EXPIRED", .counter, .count, "Images removed because they had expired.") { Double($0.store.expired) },
    Metric("lock_owners_died", "DIED LOCKING", .counter, .count, "Processes that died with the store's lock; it was recovered each time.") {
      $0.store.lockOwnersDied.map { Double($0) }
    },
    Metric("reads_overtaken", "OVERTAKEN", .counter, .count, "Reads answered with 404 because the image was evicted while being copied.") {
      $0.store.readsOvertaken.map { Double($0) }
    },
  ]
}

extension Metric where Subject == PoolSnapshot {
  /// The work of all workers together, including dead ones. Counted since the creation of the scoreboard.
  package static let pool: [Metric] = [
    Metric(
      "requests", nil, .counter, .count,
      "Requests answered, by route and status; 444 is a connection reset by a fault, 0 is any status that is not counted separately."
    ) {
      $0.totals.answers.map {
        MetricSample(labels: [("route", $0.route), ("status", String($0.status))], value: .number(Double($0.count)))
      }
    },
    Metric("request_duration_seconds", nil, .histogram, .seconds, "Time from a request's arrival at a worker until its response is sent.") {
      $0.totals.latency.map { MetricSample(labels: [("route", $0.route)], value: .histogram($0.histogram)) }
    },
    Metric("drawing_duration_seconds", nil, .histogram, .seconds, "Time to draw and encode one image.") {
      [MetricSample(value: .histogram($0.totals.drawing))]
    },
    Metric("images_drawn", nil, .counter, .count, "Images drawn.", value: counter(.drawn)),
    Metric("images_upscaled", nil, .counter, .count, "Images drawn that are upscales.", value: counter(.upscaled)),
    Metric("images_served", nil, .counter, .count, "Images served from the store.", value: counter(.served)),
    Metric("response_bytes", nil, .counter, .bytes, "Bytes of response bodies; of streams, only the beginning.", value: counter(.bytes)),
    Metric("requests_unrecorded", nil, .counter, .count, "Requests that the journal could not record.", value: counter(.unrecorded)),
    Metric("redis_commands", nil, .counter, .count, "Commands to Redis that are over, by outcome; absent without Redis.") { moment in
      guard let total = moment.totals.counters[.redisCommands], total > 0 else { return [] }
      let failed = redisFailures.map { ($0.outcome, Double(moment.totals.counters[$0.counter, default: 0])) }
      let ok = max(0, Double(total) - failed.reduce(0) { $0 + $1.1 })
      return ([("ok", ok)] + failed).map { MetricSample(labels: [("outcome", $0.0)], value: .number($0.1)) }
    },
    Metric("redis_commands_answered", nil, .counter, .count, "Commands that Redis answered.", value: counter(.redisAnswered)),
    Metric("redis_answer_seconds", nil, .counter, .seconds, "Sum of the times from the commands to their answers.") {
      Double($0.totals.counters[.redisNanoseconds, default: 0]) / 1e9
    },
    Metric(
      "redis_connection_failures", nil, .counter, .count, "Connections to Redis that broke or could not be made.",
      value: counter(.redisFailures)),
    Metric("worker_starts", nil, .counter, .count, "Workers that started.", value: counter(.starts)),
    Metric(
      "worker_deaths", nil, .counter, .count, "Workers that were killed or crashed, counted when a replacement starts.",
      value: counter(.deaths)),
    Metric("workers", nil, .gauge, .count, "Workers that are running.") { Double($0.workers.count) },
    Metric("requests_in_flight", nil, .gauge, .count, "Requests not yet answered, as of the last second.") {
      $0.workers.reduce(0) { $0 + Double($1.inFlight) }
    },
    Metric("requests_deferred", nil, .gauge, .count, "Requests in flight that wait for their due time or for memory for their body.") {
      $0.workers.reduce(0) { $0 + Double($1.deferred) }
    },
  ]

  /// The outcomes of commands other than success.
  private static var redisFailures: [(outcome: String, counter: WorkerCounter)] {
    [
      ("refused", .redisRefused), ("not_sent", .redisNotSent), ("unknown", .redisUnknown), ("not_replicated", .redisNotReplicated),
    ]
  }

  private static func counter(_ counter: WorkerCounter) -> @Sendable (PoolSnapshot) -> Double? {
    { Double($0.totals.counters[counter, default: 0]) }
  }
}

extension Metric where Subject == WorkerSnapshot {
  /// The state of each living worker. Counted since it started.
  package static let worker: [Metric] = [
    Metric("uptime_seconds", "UP", .gauge, .seconds, "Time since the worker started.") {
      WallClock.seconds(from: $0.worker.started, to: $0.now)
    },
    Metric("state", nil, .gauge, .count, "1 for the worker's current state: starting, serving or draining.") {
      [MetricSample(labels: [("state", "\($0.worker.state)")], value: .number(1))]
    },
    Metric("in_flight", "IN FLIGHT", .gauge, .count, "Requests not yet answered, as of the last second.") {
      Double($0.worker.inFlight)
    },
    Metric("deferred", "DEFERRED", .gauge, .count, "Requests in flight that wait for their due time or for memory for their body.") {
      Double($0.worker.deferred)
    },
    Metric("event_streams", nil, .gauge, .count, "Open streams of /_fakeai/events, as of the last second.") {
      Double($0.worker.streams)
    },
    Metric("requests", "REQUESTS", .counter, .count, "Requests answered.", value: counter(.requests)),
    Metric("drawn", "DRAWN", .counter, .count, "Images drawn.", value: counter(.drawn)),
    Metric("served", "SERVED", .counter, .count, "Images served.", value: counter(.served)),
    Metric("refused", "REFUSED", .counter, .count, "Responses with a status of 400 or more.", value: counter(.refused)),
    Metric("redis_ready", nil, .gauge, .count, "1 if the worker reaches Redis, 0 if not; absent if it does not use Redis.") {
      $0.worker.reachesRedis.map { $0 ? 1 : 0 }
    },
  ]

  private static func counter(_ counter: WorkerCounter) -> @Sendable (WorkerSnapshot) -> Double? {
    { Double($0.worker.counters[counter, default: 0]) }
  }
}
