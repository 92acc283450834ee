/// The parts of an object's content that is too large for one value: no command has more bytes than a part, so none is too large for a server or
/// takes longer than a command may, however large the object is.
struct RedisParts: Sendable, Equatable {
  /// The object's version, in hexadecimal digits.
  let version: String
  /// 0: the content is in the object's value.
  let count: Int

  /// Bytes of each part but the last one.
  static let size = 256 << 10

  init(of header: ObjectHeader) {
    version = String(header.version.number, radix: 16)
    count = header.length <= Self.size ? 0 : (header.length + Self.size - 1) / Self.size
  }

  /// - Returns: nil for a text that is not ``text`` of at least one part.
  init?(_ text: some StringProtocol) {
    let words = text.split(separator: " ")
    guard words.count == 2, UInt64(words[0], radix: 16) != nil, let count = Int(words[1]), count > 0 else { return nil }
    (version, self.count) = (String(words[0]), count)
  }

  /// As an element of a set.
  var text: String { "\(version) \(count)" }

  /// A part of the content.
  func part(_ number: Int, of content: [UInt8]) -> [UInt8] {
    Array(content[(number * Self.size)..<min((number + 1) * Self.size, content.count)])
  }
}

extension ObjectHeader {
  /// What the scripts know of the object: version, expiry, bytes and parts. The expiry is rounded up, so that no object expires early.
  var redisHead: String {
    let parts = RedisParts(of: self)
    return "\(parts.version) \(redisExpiry) \(ObjectCapacity.bytes(for: length)) \(parts.count)"
  }

  /// Milliseconds since 1970.
  private var redisExpiry: Int64 {
    let (whole, rest) = max(0, expires).quotientAndRemainder(dividingBy: 1_000_000)
    return rest == 0 ? whole : whole + 1
  }
}
