import Metrics
import OpenAIAPI
import Redis

/// Tells the other workers of the pool what this worker's client of Redis does, so that each of them can report all.
struct RedisReport {
  private let client: RedisClient
  private var last = RedisCounters()

  init(on client: RedisClient) { self.client = client }

  /// Publishes what has happened since the last call.
  mutating func publish(by service: APIService) {
    let now = client.counters
    let before = last
    last = now
    let counts: [WorkerCounter: Int] = [
      .redisCommands: now.commands - before.commands, .redisRefused: now.refused - before.refused,
      .redisNotSent: now.notSent - before.notSent, .redisUnknown: now.unknown - before.unknown,
      .redisNotReplicated: now.notReplicated - before.notReplicated, .redisFailures: now.failures - before.failures,
      .redisAnswered: now.answered - before.answered,
      .redisNanoseconds: Int((now.latency - before.latency) / .nanoseconds(1)),
    ]
    service.show(reachesRedis: client.state == .ready, counts.mapValues { UInt64(max(0, $0)) })
  }
}
