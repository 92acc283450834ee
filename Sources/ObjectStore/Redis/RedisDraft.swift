import Redis

/// An object that is to be stored in Redis.
struct RedisDraft: Sendable {
  let name: ObjectName
  let header: ObjectHeader
  let content: [UInt8]
  let parts: RedisParts
  private let encodedHeader: [UInt8]
  private let condition: ObjectCondition

  /// - Parameter expires: nanoseconds since 1970.
  init(_ name: ObjectName, _ content: [UInt8], expires: Int64, where condition: ObjectCondition) {
    (self.name, self.content, self.condition) = (name, content, condition)
    header = ObjectHeader(version: ObjectVersion(number: .random(in: 0 ... .max)), expires: expires, length: content.count)
    encodedHeader = header.encoded(before: content)
    parts = RedisParts(of: header)
  }

  /// The arguments of ``RedisObjectScripts/put`` from the fourth.
  func arguments(step: String, capacity: Int, patience: Duration, sendsValue: Bool) -> [RedisArgument] {
    let wanted =
      switch condition {
      case .absent: ""
      case .version(let version): String(version.number, radix: 16)
      }
    return [
      RedisArgument(step), RedisArgument(wanted), RedisArgument(header.redisHead), RedisArgument(capacity),
      RedisArgument(Int64(patience / .milliseconds(1))), name.kind.isEvicted ? "1" : "0", sendsValue ? value : "",
    ]
  }

  private var value: RedisArgument { RedisArgument(pieces: parts.count == 0 ? [encodedHeader, content] : [encodedHeader]) }
}

/// What ``RedisObjectScripts/put`` did.
enum RedisPutOutcome {
  /// Prepared for parts.
  case begun
  /// Stored, in place of an object that had these parts.
  case stored(RedisParts?)
  /// Nothing: the condition does not hold.
  case differs
  /// Nothing: the group has so many bytes too many.
  case full(Int)
  /// Nothing: somebody may be removing the parts.
  case late

  /// - Returns: nil for anything else.
  init?(_ reply: RedisReply) {
    let words = (reply.string ?? "").split(separator: " ", maxSplits: 1)
    switch words.first {
    case "begun": self = .begun
    case "stored": self = .stored(words.count > 1 ? RedisParts(words[1]) : nil)
    case "differs": self = .differs
    case "late": self = .late
    case "full":
      guard words.count > 1, let excess = Int(words[1]) else { return nil }
      self = .full(excess)
    default: return nil
    }
  }
}

/// What Redis has under the key of an object.
struct RedisValue: Sendable {
  let header: ObjectHeader
  let encodedHeader: [UInt8]
  /// nil: it is in parts.
  let content: [UInt8]?

  /// - Returns: nil if it is anything else, or damaged.
  init?(_ reply: RedisReply) {
    guard case .bytes(let bytes) = reply, let header = ObjectHeader(Array(bytes.prefix(ObjectHeader.size))) else { return nil }
    (self.header, encodedHeader) = (header, Array(bytes.prefix(ObjectHeader.size)))
    guard RedisParts(of: header).count == 0 else {
      guard bytes.count == ObjectHeader.size else { return nil }
      content = nil
      return
    }
    let content = Array(bytes[ObjectHeader.size...])
    guard content.count == header.length, ObjectHeader.isIntact(encodedHeader, content) else { return nil }
    self.content = content
  }

  var object: StoredObject? { content.map { StoredObject(bytes: $0, version: header.version, expires: header.expires) } }
}
