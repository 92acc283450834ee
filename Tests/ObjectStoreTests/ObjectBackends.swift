import Answers
import ObjectStore
import ObjectStoreTesting
import Redis
import RedisTesting
import RingTesting
import Synchronization
import SystemCalls

/// The kinds of stores.
enum ObjectBackendKind: CaseIterable {
  case process, memory, disk, redis, cluster

  /// Those whose objects have limits.
  static let bounded: [Self] = [.memory, .disk, .redis, .cluster]

  /// A store of that kind that has no objects yet.
  func backend(_ time: TestClock) throws -> any ObjectBackend {
    switch self {
    case .process: ProcessBackend(time)
    case .memory: MemoryBackend(time: time)
    case .disk: try DiskBackend(time)
    case .redis: RedisBackend(time: time, client: SharedServers.client)
    case .cluster: RedisBackend(time: time, client: SharedServers.clusterClient)
    }
  }
}

/// Opens a store: each call opens the same one, as another process or another host would.
protocol ObjectBackend: Sendable {
  func open(_ capacity: ObjectCapacity) throws -> any ObjectStore
}

extension ObjectBackend {
  func open() throws -> any ObjectStore { try open(ObjectCapacity(kept: 64 << 20, evicted: 64 << 20)) }
}

private struct ProcessBackend: ObjectBackend {
  let store: ProcessObjectStore

  init(_ time: TestClock) { store = ProcessObjectStore(clock: { time.clock.now() }) }

  func open(_ capacity: ObjectCapacity) -> any ObjectStore { store }
}

private struct MemoryBackend: ObjectBackend {
  let time: TestClock
  private let place = TemporaryStore()

  init(time: TestClock) { self.time = time }

  func open(_ capacity: ObjectCapacity) throws -> any ObjectStore {
    try DirectoryObjectStore(inMemoryOf: place.name, capacity: capacity, clock: time.clock)
  }
}

private struct DiskBackend: ObjectBackend {
  let time: TestClock
  private let place = TemporaryStore()
  private let folder = TemporaryFolder()

  init(_ time: TestClock) throws {
    self.time = time
    try folder.write("", to: "landmark")
  }

  func open(_ capacity: ObjectCapacity) throws -> any ObjectStore {
    try DirectoryObjectStore(onDisk: folder.path, landmark: "landmark", name: place.name, capacity: capacity, clock: time.clock)
  }
}

/// Each `open` is another host, with a client of its own.
private struct RedisBackend: ObjectBackend {
  let time: TestClock
  let client: @Sendable () throws -> RedisClient
  private let prefix = SharedServers.uniquePrefix()

  init(time: TestClock, client: @escaping @Sendable () throws -> RedisClient) { (self.time, self.client) = (time, client) }

  func open(_ capacity: ObjectCapacity) throws -> any ObjectStore {
    try RedisObjectStore(client(), prefix: prefix, capacity: capacity, clock: time.clock)
  }
}

/// Keeps the backends of a test, and with them what belongs to their stores, until it ends.
final class ObjectBackends: Sendable {
  let time = TestClock()
  private let all = Mutex<[any ObjectBackend]>([])

  func make(_ kind: ObjectBackendKind) throws -> any ObjectBackend {
    let backend = try kind.backend(time)
    all.withLock { $0.append(backend) }
    return backend
  }
}

// MARK: - Shorter names for tests

extension ObjectName {
  static func file(_ id: String) -> ObjectName { ObjectName(.file, id)! }
  static func response(_ id: String) -> ObjectName { ObjectName(.response, id)! }
}

extension ObjectStore {
  /// Stores an object that expires after an hour of the tests' time, unless something else is said.
  @discardableResult
  func set(
    _ name: ObjectName, _ bytes: [UInt8], expires: Int64 = 3600 * 1_000_000_000, if condition: ObjectCondition = .absent
  ) throws(ObjectStoreError) -> ObjectVersion? {
    try put(bytes, as: name, expires: expires, where: condition).wait()
  }

  func get(_ name: ObjectName) throws(ObjectStoreError) -> [UInt8]? { try object(name).wait()?.bytes }

  func list(_ kind: ObjectKind, _ prefix: String = "") throws(ObjectStoreError) -> [String] { try ids(of: kind, prefix: prefix).wait() }
}
