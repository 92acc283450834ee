import Answers
package import Redis
import SharedMemory
package import SystemCalls

/// A store in Redis, for several hosts, behind a store in this host's shared memory.
///
/// An image is put into both under the ID that shared memory gives it, and is acknowledged when Redis has it; with `replicas`, when that many
/// replicas have it too. A GET of an image that was made on this host does not ask Redis, and so does not notice when Redis is away.
/// Another host's ID is not in shared memory, even if the sequence number in it is: the whole ID must match.
///
/// - An image that Redis does not acknowledge stays in shared memory until it expires or is evicted. Nobody learns its ID, so nobody is served
///   what other hosts do not have; and the ring cannot remove an entry in its middle. Redis may have it too, likewise without effect.
/// - An image of another host is not kept here: the ring has IDs of its own only, and nginx's cache keeps the responses.
/// - An image that this host has evicted is served from Redis, which is bounded by its own `maxmemory`. So shared memory evicts its oldest image
///   when it is full, whatever the pool is told to do when its store is full.
///
/// Images expire by the clock of the host that made them, in Redis by Redis's own: the clocks of all should agree to the second.
package final class RedisStore: ImageStore {
  private let local: SharedMemoryStore
  private let client: RedisClient
  private let prefix: String
  private let replicas: Int
  private let clock: WallClock

  package let kind = "redis"

  /// - Parameters:
  ///   - local: a store that evicts when it is full.
  ///   - prefix: what the names of all keys begin with, without braces.
  ///   - replicas: how many replicas must have an image before it is acknowledged.
  ///   - clock: that of `local`.
  package init(local: SharedMemoryStore, client: RedisClient, prefix: String, replicas: Int = 0, clock: WallClock = .system) {
    (self.local, self.client, self.prefix, self.replicas, self.clock) = (local, client, prefix, replicas, clock)
  }

  package var retention: Duration { local.retention }

  package func image(for id: ImageID) -> StoreAnswer<StoredImage?> {
    if case .ready(.success(let image?)) = local.image(for: id) { return .ready(.success(image)) }
    return .pending { [self] receive in
      client.send(command("GET", id, lane: .large)) { [clock] result in
        receive(result.mapError(Self.storeError).flatMap { Self.image($0, now: clock.now()) })
      }
    }
  }

  package func insert(_ file: [UInt8], format: ImageFormat) -> StoreAnswer<ImageID> {
    let created = clock.now()
    let id: ImageID
    switch local.insert(file, format: format, created: created) {
    case .success(let made): id = made
    case .failure(let error): return .ready(.failure(error))
    }
    return .pending { [self] receive in
      client.send(setting(id, to: file, format, created), replicas: replicas) { result in
        receive(result.map { _ in id }.mapError(Self.storeError))
      }
    }
  }

  package func keep(_ file: [UInt8], format: ImageFormat) -> ImageID? {
    let created = clock.now()
    guard let id = try? local.insert(file, format: format, created: created).get() else { return nil }
    client.send(setting(id, to: file, format, created)) { _ in }
    return id
  }

  /// The command that stores an image.
  private func setting(_ id: ImageID, to file: [UInt8], _ format: ImageFormat, _ created: Int64) -> RedisCommand {
    let lifetime = Int64(retention / .nanoseconds(1))
    let trailer = RedisImageTrailer(format: format, created: created, expires: created + lifetime)
    return command("SET", id, [RedisArgument(pieces: [file, trailer.bytes]), "PX", RedisArgument(max(1, lifetime / 1_000_000))])
  }

  /// A command about an image, which may be repeated. The ID alone chooses the slot in a Cluster.
  private func command(_ name: String, _ id: ImageID, _ arguments: [RedisArgument] = [], lane: RedisCommand.Lane? = nil) -> RedisCommand {
    let key = "\(prefix)image:{\(id)}"
    return RedisCommand(name, [RedisArgument(key)] + arguments, key: key, isIdempotent: true, lane: lane)
  }

  private static func image(_ reply: RedisReply, now: Int64) -> Result<StoredImage?, StoreError> {
    switch reply {
    case .null: return .success(nil)
    case .bytes(var bytes):
      guard let trailer = RedisImageTrailer(removedFrom: &bytes) else { fallthrough }
      guard trailer.expires > now else { return .success(nil) }
      return .success(StoredImage(bytes: bytes, format: trailer.format, created: trailer.created, expires: trailer.expires))
    default: return .failure(.unavailable("Redis has something else than an image of this version where an image should be"))
    }
  }

  private static func storeError(_ error: RedisError) -> StoreError {
    error.isOutOfMemory ? .noSpace("\(error)") : .unavailable("\(error)")
  }

  /// Only of this host: the server may have other tenants, and counting keys would read all of them.
  package var statistics: StoreStatistics { local.statistics }

  package var health: StoreHealth {
    if local.health == .lost { return .lost }
    switch client.state {
    case .ready: return .ready
    case .unavailable(let reason): return .unavailable("Redis: \(reason)")
    }
  }

  /// Redis removes its expired images itself.
  package func sweep() { local.sweep() }
}
