import ImageStore
import Redis
import RedisTesting
import RingTesting
import Synchronization
import SystemCalls
import Testing

/// A store in Redis. Each `open` is another host: it has shared memory of its own.
final class RedisBackend: StoreBackend {
  private static let standalone = Result { try StandaloneServer().kept.url }
  private static let cluster = Result { try RedisCluster().kept.url }

  static var all: [any StoreBackend] { [RedisBackend("Redis", standalone), RedisBackend("a Redis Cluster", cluster)] }

  let testDescription: String
  let kind = "redis"
  let precision: Int64 = 0
  let isBounded = false
  private let url: Result<RedisURL, any Error>
  private let prefix = "test-\(UInt64.random(in: 0 ... .max)):"
  private let names = Mutex<[String]>([])

  init(_ description: String, _ url: Result<RedisURL, any Error>) { (testDescription, self.url) = (description, url) }

  func open(time: TestClock, evictsWhenFull: Bool) throws -> any ImageStore {
    let name = TemporaryStore.uniqueName()
    names.withLock { $0.append(name) }
    let local = try SharedMemoryStore(name: name, size: 256 << 10, retention: .seconds(3600), clock: time.clock)
    let client = try ready(RedisClient(url.get(), options: .patient))
    return RedisStore(local: local, client: client, prefix: prefix, clock: time.clock)
  }

  func destroy() -> Bool {
    remove()
    return true
  }

  func remove() { for name in names.withLock({ $0 }) { SharedMemoryStore.remove(name) } }
}

extension StandaloneServer {
  /// Lives as long as the process, and ends with it.
  var kept: StandaloneServer { Unmanaged.passRetained(self).takeUnretainedValue() }
}

extension RedisCluster {
  var kept: RedisCluster { Unmanaged.passRetained(self).takeUnretainedValue() }
}
