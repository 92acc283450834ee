import Answers
import Redis
import Synchronization

/// Objects whose content is in parts.
extension RedisObjectStore {
  /// Parts that are on their way at a time. Each has as long as any command may take.
  private static let window = 4

  /// Writes all parts of an object.
  func write(_ draft: RedisDraft, from first: Int = 0) -> ObjectAnswer<Void> {
    let parts = draft.parts
    guard first < parts.count else { return .ready(.success(())) }
    let end = min(first + Self.window, parts.count)
    let expiry: [RedisArgument] = draft.name.kind.isEvicted ? ["PX", RedisArgument(milliseconds(until: draft.header.expires))] : []
    let commands = (first..<end).map { number in
      let key = keys.part(number, of: parts)
      let arguments = [RedisArgument(key), RedisArgument(parts.part(number, of: draft.content))] + expiry
      return send(RedisCommand("SET", arguments, key: key, isIdempotent: true), replicas: replicas)
    }
    return ObjectAnswer.all(commands).flatMap { [self] _ in write(draft, from: end) }
  }

  /// Reads all parts of an object.
  /// - Returns: nil if one is missing, or if something is wrong with them.
  func content(_ header: ObjectHeader, _ gathered: GatheredContent, from first: Int = 0) -> ObjectAnswer<[UInt8]?> {
    let parts = RedisParts(of: header)
    guard first < parts.count else { return .ready(.success(gathered.finish())) }
    let end = min(first + Self.window, parts.count)
    let commands = (first..<end).map { number in
      let key = keys.part(number, of: parts)
      return send(RedisCommand("GET", [RedisArgument(key)], key: key, isIdempotent: true, lane: .large))
    }
    return ObjectAnswer.all(commands).flatMap { [self] replies in
      for reply in replies { guard let bytes = reply.bytes, gathered.add(bytes) else { return .ready(.success(nil)) } }
      return content(header, gathered, from: end)
    }
  }

  // MARK: - Removing

  /// Removes parts that no object has any more, without waiting for that. What fails is left to ``sweep()``.
  func discard(_ parts: RedisParts) { if parts.count > 0 { removal(of: parts).then { _ in } } }

  /// Removes parts that no object has any more.
  func removal(of parts: RedisParts) -> ObjectAnswer<Void> { removal(of: parts, from: 0) }

  /// Parts that are removed by one command.
  private static let step = 500

  private func removal(of parts: RedisParts, from first: Int) -> ObjectAnswer<Void> {
    guard first < parts.count else {
      let list = RedisArgument(keys.parts)
      return send(RedisCommand("ZREM", [list, RedisArgument(parts.text)], key: keys.parts, isIdempotent: true)).map { _ in }
    }
    let end = min(first + Self.step, parts.count)
    let names = (first..<end).map { keys.part($0, of: parts) }
    return send(RedisCommand("UNLINK", names.map { RedisArgument($0) }, key: names[0], isIdempotent: true)).flatMap { [self] _ in
      removal(of: parts, from: end)
    }
  }
}

/// The content of an object, of which one part after the other arrives.
final class GatheredContent: Sendable {
  private let header: ObjectHeader
  private let state: Mutex<(bytes: [UInt8], checksum: ObjectChecksum)>
  private let encodedHeader: [UInt8]

  init(of value: RedisValue) {
    (header, encodedHeader) = (value.header, value.encodedHeader)
    state = Mutex(([], ObjectChecksum(of: value.encodedHeader)))
  }

  /// - Returns: false if that is more than there should be.
  func add(_ part: [UInt8]) -> Bool {
    state.withLock { state in
      guard part.count <= header.length - state.bytes.count else { return false }
      state.bytes += part
      state.checksum.add(part)
      return true
    }
  }

  /// - Returns: nil if it is not what was stored.
  func finish() -> [UInt8]? {
    state.withLock { state in
      guard state.bytes.count == header.length, state.checksum.matches(encodedHeader) else { return nil }
      defer { state.bytes = [] }
      return state.bytes
    }
  }
}
