import Hashing

// A file of an object:
//
//   ┌──────────┬─────────┬─────────┬────────┬──────────┬─────────┐
//   │ FAKEAIO1 │ version │ expires │ length │ checksum │ content │
//   └──────────┴─────────┴─────────┴────────┴──────────┴─────────┘
//
// Each field has 8 bytes, the least significant one first. The checksum is that of the fields before it and of the content. A file in which
// anything is wrong counts as absent: if the machine loses power, files of the last seconds may be cut short, or have zeroes in them.

/// What a file says about its object, besides the content.
struct ObjectHeader: Equatable {
  var version: ObjectVersion
  /// Nanoseconds since 1970.
  var expires: Int64
  /// Bytes of the content.
  var length: Int

  static let size = 40
  private static let magic = Array("FAKEAIO1".utf8)

  init(version: ObjectVersion, expires: Int64, length: Int) { (self.version, self.expires, self.length) = (version, expires, length) }

  /// The header of a file with that content.
  func encoded(before content: [UInt8]) -> [UInt8] {
    let fields = fields
    return fields + Self.bytes(Self.checksum(fields, content))
  }

  private var fields: [UInt8] {
    Self.magic + Self.bytes(version.number) + Self.bytes(UInt64(bitPattern: expires)) + Self.bytes(UInt64(length))
  }

  /// - Returns: nil if the bytes are not a header.
  init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.size, bytes.starts(with: Self.magic), let length = Int(exactly: Self.word(3, of: bytes)) else { return nil }
    self.init(
      version: ObjectVersion(number: Self.word(1, of: bytes)), expires: Int64(bitPattern: Self.word(2, of: bytes)), length: length)
  }

  /// Whether the content is the one that the header was made for.
  static func isIntact(_ header: [UInt8], _ content: [UInt8]) -> Bool {
    word(4, of: header) == checksum(Array(header.prefix(size - 8)), content)
  }

  private static func checksum(_ fields: [UInt8], _ content: [UInt8]) -> UInt64 {
    let start = unsafe fields.withUnsafeBytes { unsafe crc32c($0) }
    return UInt64(unsafe content.withUnsafeBytes { unsafe crc32c($0, continuing: start) })
  }

  private static func bytes(_ word: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) } }

  private static func word(_ index: Int, of bytes: [UInt8]) -> UInt64 {
    bytes[(8 * index)..<(8 * index + 8)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
