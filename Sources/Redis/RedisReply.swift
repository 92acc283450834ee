/// A reply in the protocol RESP2.
package enum RedisReply: Sendable, Equatable {
  /// A short text without line breaks, such as `OK`.
  case status(String)
  /// What a command inside a transaction was refused with. Of a reply as a whole, it becomes ``RedisError/refused(_:)``.
  case error(String)
  case integer(Int64)
  case bytes([UInt8])
  /// The null string or the null array: there is no such key, or nothing came in time.
  case null
  case array([RedisReply])
}

extension RedisReply {
  /// The bytes of a string, or of a status; nil for anything else.
  package var bytes: [UInt8]? {
    switch self {
    case .bytes(let bytes): bytes
    case .status(let text): Array(text.utf8)
    default: nil
    }
  }

  /// The text of a string or of a status, with invalid UTF-8 repaired; nil for anything else.
  package var string: String? {
    switch self {
    case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
    case .status(let text): text
    default: nil
    }
  }

  /// An integer, or a string that is one.
  package var integer: Int64? {
    switch self {
    case .integer(let value): value
    case .bytes, .status: string.flatMap { Int64($0) }
    default: nil
    }
  }

  package var array: [RedisReply]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  package var isNull: Bool { self == .null }
}
