import Answers
import ImageStore
import Journal
import Limits
import ObjectStore
import OpenAIAPI
import Redis
import SharedMemory
import Simulation
import SystemPackage

/// What the workers of a pool share: in shared memory or on disk, or in Redis with the pools of other hosts.
struct SharedState {
  /// nil if nothing is in Redis.
  let redis: RedisClient?
  let store: any ImageStore
  let objects: any ObjectStore
  let limits: any RateLimits
  let rules: any Rules
  /// nil if requests are not recorded.
  let journal: (any RequestLog)?
  /// nil if URLs are plain.
  let urlSigner: URLSigner?

  /// - Parameters:
  ///   - settings: those of the worker.
  ///   - pool: what its processes share.
  ///   - keyring: the keys that are known.
  ///   - file: nil: the settings name no file of rules.
  init(_ settings: Settings, pool: PoolMemory, keyring: Keyring, file: RuleDocument?) throws {
    guard let redis = try settings.redisClient() else {
      redis = nil
      store = try settings.makeStore()
      objects = try settings.makeObjectStore()
      limits = try RateLimiter(name: settings.imageStoreName, shared: settings.sharedLimits, refill: settings.limitRefill)
      rules = try SharedRules(of: pool, file: file ?? .empty)
      journal = settings.journalSize == 0 ? nil : try Journal(of: pool, size: settings.journalSize)
      urlSigner = try URLSigner(settings) { () throws(SegmentError) in
        let key = try SharedKey(store: settings.imageStoreName)
        return (key.bytes, { key.isRemoved })
      }
      return
    }
    let prefix = settings.redisPrefix
    self.redis = redis
    store = RedisStore(
      local: try settings.makeSharedMemoryStore(), client: redis, prefix: prefix, replicas: settings.redisReplicas)
    objects = RedisObjectStore(redis, prefix: prefix, capacity: settings.objectCapacity, replicas: settings.redisReplicas)
    limits = RedisRateLimiter(redis, prefix: prefix, shared: settings.sharedLimits, refill: settings.limitRefill, keyring: keyring)
    do throws(RulesOpeningError) {
      rules = try RedisRules(redis, prefix: prefix, host: settings.hostNameInUse, of: pool, file: file)
    } catch {
      switch error {
      case .memory(let error): throw error
      case .thread(let error): throw CommandFailure("cannot start a thread: \(error)")
      }
    }
    journal = settings.journalSize == 0 ? nil : RedisJournal(redis, prefix: prefix, size: settings.journalSize)
    urlSigner = try URLSigner(settings) { () throws(CommandFailure) in
      (try SharedState.urlKey(in: redis, "\(prefix)url-key"), { false })
    }
  }

  /// The key by which all hosts sign URLs. The first one that needs it makes it.
  private static func urlKey(in redis: RedisClient, _ name: String) throws(CommandFailure) -> [UInt8] {
    let new = (0..<32).map { _ in UInt8.random(in: .min ... .max) }
    do throws(RedisError) {
      _ = try redis.call(RedisCommand("SET", [RedisArgument(name), RedisArgument(new), "NX"], key: name, isIdempotent: true))
      let reply = try redis.call(RedisCommand("GET", [RedisArgument(name)], key: name, isIdempotent: true))
      guard let key = reply.bytes, key.count == new.count else { throw RedisError.refused("\(name) is not a key of this program") }
      return key
    } catch {
      throw CommandFailure("the key of signed URLs cannot be read from Redis: \(error)")
    }
  }
}

extension URLSigner {
  /// - Parameter key: opens the key, and a function that tells whether other processes no longer know it. Not called if URLs are plain.
  fileprivate init?<Failure>(_ settings: Settings, _ key: () throws(Failure) -> ([UInt8], @Sendable () -> Bool)) throws(Failure) {
    guard settings.urlStyle == .azureBlob else { return nil }
    let (bytes, isLost) = try key()
    self.init(key: bytes, isLost: isLost)
  }
}

extension Settings {
  /// Units per minute for all keys together that have no limit of their own.
  fileprivate var sharedLimits: [RateLimitKind: Int] {
    var limits: [RateLimitKind: Int] = [:]
    limits[.requests] = requestsPerMinute
    limits[.images] = imagesPerMinute
    return limits
  }

  /// Opens the store of a single machine.
  fileprivate func makeStore() throws -> any ImageStore {
    guard imageStorageBackend == .disk else { return try makeSharedMemoryStore() }
    return try DiskStore(
      path: diskDirectory().string, name: imageStoreName, size: storeSize, retention: imageRetention,
      evictsWhenFull: imageStoreFull == .evict)
  }

  /// Opens the store of files, responses and batches of a single machine. On disk, it needs the store of images to be open.
  fileprivate func makeObjectStore() throws -> DirectoryObjectStore {
    guard imageStorageBackend == .disk else { return try DirectoryObjectStore(inMemoryOf: imageStoreName, capacity: objectCapacity) }
    return try DirectoryObjectStore(
      onDisk: diskDirectory().string, landmark: DiskStore.landmark, name: imageStoreName, capacity: objectCapacity)
  }

  fileprivate var objectCapacity: ObjectCapacity { ObjectCapacity(kept: fileStoreSize, evicted: responseStoreSize) }

  fileprivate func makeSharedMemoryStore() throws(SegmentError) -> SharedMemoryStore {
    try SharedMemoryStore(name: imageStoreName, size: storeSize, retention: imageRetention, evictsWhenFull: imageStoreFull == .evict)
  }
}
