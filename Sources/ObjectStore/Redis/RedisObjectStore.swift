import Answers
package import Redis
package import SystemCalls

/// A store in Redis, which the workers of all hosts share. ``RedisObjectKeys`` has its layout.
///
/// Each change is made by one script, so the limits are exact, and the lists agree with the objects, whichever host or server dies. A script may
/// be repeated if its outcome is unknown: the version of an object is a random number, by which the script finds that it has been executed. Only
/// the removal of an object that a client asks for is not repeated, because it could not tell whether there was one.
///
/// Objects that clients count on have no expiry in Redis, so that a Redis that is full does not evict them; this store removes them when it
/// needs the room, and in ``sweep()``. Other objects expire in Redis too, which may evict them earlier, as it evicts images.
///
/// Objects expire by the clock of the host that reads them, and are removed by Redis's: the clocks of all should agree to the second.
package final class RedisObjectStore: ObjectStore {
  private let client: RedisClient
  let keys: RedisObjectKeys
  let capacity: ObjectCapacity
  let replicas: Int
  private let lease: Duration
  private let patience: Duration
  /// nil: the host's and the server's.
  private let clock: WallClock?

  package let kind = "redis"

  /// - Parameters:
  ///   - prefix: what the names of all keys begin with, without braces.
  ///   - capacity: the same on all hosts.
  ///   - replicas: how many replicas must have an object before it is acknowledged.
  ///   - lease: how long a claim outlives its process.
  ///   - patience: how long the parts of an object may take to be written.
  ///   - clock: for tests.
  package init(
    _ client: RedisClient, prefix: String, capacity: ObjectCapacity, replicas: Int = 0, lease: Duration = .seconds(5),
    patience: Duration = .seconds(600), clock: WallClock? = nil
  ) {
    (self.client, self.capacity, self.replicas, self.lease) = (client, capacity, replicas, lease)
    (self.patience, self.clock) = (patience, clock)
    keys = RedisObjectKeys(prefix: prefix)
  }

  package func claim(_ name: ObjectName) -> ObjectAnswer<(any ObjectClaim)?> {
    RedisClaim.take(keys.claim(name), on: client, for: lease).map { $0 as (any ObjectClaim)? }
  }

  // MARK: - Storing

  package func put(
    _ bytes: [UInt8], as name: ObjectName, expires: Int64, where condition: ObjectCondition
  ) -> ObjectAnswer<ObjectVersion?> {
    let limit = capacity[ObjectGroup(name.kind)]
    guard ObjectCapacity.bytes(for: bytes.count) <= limit else {
      return .ready(.failure(.tooLarge(bytes: bytes.count, capacity: limit)))
    }
    let draft = RedisDraft(name, bytes, expires: expires, where: condition)
    guard draft.parts.count > 0 else { return perform(.store, draft) }
    return perform(.begin, draft).flatMap { [self] version in
      guard version != nil else { return .ready(.success(nil)) }
      return write(draft).flatMap { [self] in perform(.store, draft) }
    }
  }

  private enum Step: String { case begin, store }

  /// How often room is made for one object, for a thousand others at most each time.
  private static let mostRounds = 100

  /// - Returns: nil if the condition does not hold.
  private func perform(_ step: Step, _ draft: RedisDraft, rounds: Int = mostRounds) -> ObjectAnswer<ObjectVersion?> {
    let limit = capacity[ObjectGroup(draft.name.kind)]
    let arguments = draft.arguments(step: step.rawValue, capacity: limit, patience: patience, sendsValue: step == .store)
    return run(
      RedisObjectScripts.put, draft.name, arguments, isIdempotent: true, replicas: step == .store ? replicas : 0
    ).flatMap { [self] reply in
      switch RedisPutOutcome(reply) {
      case .begun: return .ready(.success(draft.header.version))
      case .stored(let replaced):
        if let replaced { discard(replaced) }
        return .ready(.success(draft.header.version))
      case .full(let excess):
        return makeRoom(for: draft.name, excess).flatMap { [self] hasRemoved in
          if hasRemoved, rounds > 1 { return perform(step, draft, rounds: rounds - 1) }
          return giveUp(step, draft, .failure(.full(draft.name.kind, capacity: limit)))
        }
      case .differs: return giveUp(step, draft, .success(nil))
      case .late:
        return giveUp(step, draft, .failure(.unavailable("the object took longer to be written than \(patience)")))
      case nil: return .ready(.failure(Self.unknownForm))
      }
    }
  }

  /// Nobody needs the parts that were written.
  private func giveUp(
    _ step: Step, _ draft: RedisDraft, _ result: Result<ObjectVersion?, ObjectStoreError>
  ) -> ObjectAnswer<ObjectVersion?> {
    if step == .store { discard(draft.parts) }
    return .ready(result)
  }

  // MARK: - Reading

  package func object(_ name: ObjectName) -> ObjectAnswer<StoredObject?> { object(name, withoutPartsOf: nil) }

  /// - Parameter seen: the version of which a part was missing a moment ago.
  private func object(_ name: ObjectName, withoutPartsOf seen: ObjectVersion?) -> ObjectAnswer<StoredObject?> {
    let key = keys.value(name)
    let lane: RedisCommand.Lane = name.kind.isShort ? .small : .large
    return send(RedisCommand("GET", [RedisArgument(key)], key: key, isIdempotent: true, lane: lane)).flatMap { [self] reply in
      guard !reply.isNull else { return .ready(.success(nil)) }
      guard let value = RedisValue(reply) else { return .ready(.failure(Self.unknownForm)) }
      let header = value.header
      guard header.expires > (clock ?? .system).now() else { return .ready(.success(nil)) }
      guard value.content == nil else { return .ready(.success(value.object)) }
      return content(header, GatheredContent(of: value)).flatMap { [self] content in
        if let content { return .ready(.success(StoredObject(bytes: content, version: header.version, expires: header.expires))) }
        // It was replaced or removed meanwhile, unless it is still the same: then a server has lost a part.
        if header.version != seen { return object(name, withoutPartsOf: header.version) }
        return remove(name, ifHead: header.redisHead).map { _ in nil }
      }
    }
  }

  package func ids(of kind: ObjectKind, prefix: String) -> ObjectAnswer<[String]> {
    // All characters of an ID come before "~".
    let (first, last) = prefix.isEmpty ? ("-", "+") : ("[\(prefix)", "(\(prefix)~")
    return ids(of: kind, from: first, to: last, after: [])
  }

  /// IDs that are read at a time.
  private static let page = 1000

  /// - Parameter found: the IDs of the pages before.
  private func ids(of kind: ObjectKind, from first: String, to last: String, after found: [String]) -> ObjectAnswer<[String]> {
    let arguments = [RedisArgument(kind.rawValue), RedisArgument(first), RedisArgument(last), RedisArgument(Self.page)]
    return run(RedisObjectScripts.list, [keys.ids(kind), keys.expiry(ObjectGroup(kind))], arguments, isIdempotent: true, lane: .large)
      .flatMap { [self] reply in
        guard let texts = reply.array?.compactMap(\.string), let next = texts.first else { return .ready(.failure(Self.unknownForm)) }
        let all = found + texts.dropFirst()
        return next.isEmpty ? .ready(.success(all)) : ids(of: kind, from: next, to: last, after: all)
      }
  }

  // MARK: - Asking Redis

  static let unknownForm = ObjectStoreError.unavailable(
    "Redis has something other than an object of this version where an object should be")

  func send(_ command: RedisCommand, replicas: Int = 0) -> ObjectAnswer<RedisReply> {
    .pending { [client] receive in
      client.send(command, replicas: replicas) { receive($0.mapError { ObjectStoreError($0) }) }
    }
  }

  /// Runs a script that changes an object.
  func run(
    _ script: RedisScript, _ name: ObjectName, _ arguments: [RedisArgument], isIdempotent: Bool, replicas: Int = 0
  ) -> ObjectAnswer<RedisReply> {
    run(
      script, keys.all(name), [RedisArgument(name.redisName), RedisArgument(name.id)] + arguments, isIdempotent: isIdempotent,
      replicas: replicas)
  }

  func run(
    _ script: RedisScript, _ keys: [String], _ arguments: [RedisArgument], isIdempotent: Bool, lane: RedisCommand.Lane? = nil,
    replicas: Int = 0
  ) -> ObjectAnswer<RedisReply> {
    let now = clock.map { RedisArgument($0.now() / 1_000_000) } ?? ""
    return .pending { [client] receive in
      client.run(script, keys: keys, [now] + arguments, isIdempotent: isIdempotent, lane: lane, replicas: replicas) {
        receive($0.mapError { ObjectStoreError($0) })
      }
    }
  }

  /// Milliseconds until a time, at least one.
  func milliseconds(until time: Int64) -> Int64 { max(1, (time - (clock ?? .system).now()) / 1_000_000) }
}

extension ObjectStoreError {
  fileprivate init(_ error: RedisError) { self = error.isOutOfMemory ? .noSpace("\(error)") : .unavailable("\(error)") }
}

extension ObjectKind {
  /// Whether its objects are hardly ever larger than 10 KB.
  fileprivate var isShort: Bool {
    switch self {
    case .file, .upload, .batch, .webhook, .event: true
    case .content, .part, .response, .input, .line: false
    }
  }
}
