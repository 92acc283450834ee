import Answers
import Redis

/// How the store gets rid of objects.
extension RedisObjectStore {
  package func remove(_ name: ObjectName) -> ObjectAnswer<Bool> { remove(name, ifHead: "", isIdempotent: false) }

  /// - Parameter head: what the scripts must know of it, see ``ObjectHeader/redisHead``; "": anything.
  /// - Returns: whether it was there.
  func remove(_ name: ObjectName, ifHead head: String, isIdempotent: Bool = true) -> ObjectAnswer<Bool> {
    run(RedisObjectScripts.remove, name, [RedisArgument(head)], isIdempotent: isIdempotent).flatMap { [self] reply in
      guard let values = reply.array, values.count == 2, let wasThere = values[0].integer, let rest = values[1].string else {
        return .ready(.failure(Self.unknownForm))
      }
      if let parts = RedisParts(rest) { discard(parts) }
      return .ready(.success(wasThere == 1))
    }
  }

  // MARK: - When it is full

  /// Removes expired objects, and of a group that may be evicted those that expire next, until there are some bytes of room.
  ///
  /// - Parameter name: the object that needs the room, and stays.
  /// - Returns: whether there was anything to remove.
  func makeRoom(for name: ObjectName, _ bytes: Int) -> ObjectAnswer<Bool> {
    let group = ObjectGroup(name.kind)
    // Some more than needed, so that not every object has to make room.
    return removeOldest(group, bytes: group == .evicted ? bytes + capacity.evicted / 8 : 0, but: name.redisName).map { $0 > 0 }
  }

  /// Removes expired objects, and those that expire next until they had some bytes.
  ///
  /// - Parameter name: of an object that stays.
  /// - Returns: how many there were; after a thousand, there may be more.
  private func removeOldest(_ group: ObjectGroup, bytes: Int, but name: String) -> ObjectAnswer<Int> {
    run(
      RedisObjectScripts.oldest, [keys.heads(group), keys.expiry(group)], [RedisArgument(bytes), RedisArgument(name)], isIdempotent: true,
      lane: .large
    ).flatMap { [self] reply in
      guard let texts = reply.array?.compactMap(\.string) else { return .ready(.failure(Self.unknownForm)) }
      let objects = stride(from: 0, to: texts.count - 1, by: 2).compactMap { place in
        ObjectName(redisName: texts[place]).map { ($0, texts[place + 1]) }
      }
      // Another host may have replaced them since.
      return ObjectAnswer.all(objects.map { remove($0, ifHead: $1) }).map { $0.count }
    }
  }

  // MARK: - Now and then

  /// Enough for a million objects or parts; more are left for the next time.
  private static let mostSteps = 1000

  /// Removes expired objects, and the parts that processes have left that died. All hosts may do so at the same time.
  package func sweep() {
    for group in ObjectGroup.allCases {
      for _ in 0..<Self.mostSteps { guard let count = try? removeOldest(group, bytes: 0, but: "").wait(), count > 0 else { break } }
    }
    for _ in 0..<Self.mostSteps { guard let count = try? removeLeftovers().wait(), count > 0 else { break } }
  }

  private func removeLeftovers() -> ObjectAnswer<Int> {
    run(RedisObjectScripts.leftovers, [keys.parts], [], isIdempotent: true).flatMap { [self] reply in
      let parts = (reply.array ?? []).compactMap(\.string).compactMap { RedisParts($0) }
      return ObjectAnswer.all(parts.map(removal)).map { $0.count }
    }
  }
}
