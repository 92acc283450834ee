import Hashing

// An object as it is stored, in a file or in Redis:
//
//   ┌──────────┬─────────┬─────────┬────────┬──────────┬─────────┐
//   │ FAKEAIO1 │ version │ expires │ length │ checksum │ content │
//   └──────────┴─────────┴─────────┴────────┴──────────┴─────────┘
//
// Each field has 8 bytes, the least significant one first. The checksum is that of the fields before it and of the content. An object in which
// anything is wrong counts as absent: if the machine loses power, files of the last seconds may be cut short, or have zeroes in them.

/// What is stored of an object besides the content.
struct ObjectHeader: Equatable {
  var version: ObjectVersion
  /// Nanoseconds since 1970.
  var expires: Int64
  /// Bytes of the content.
  var length: Int

  static let size = 40
  private static let magic = Array("FAKEAIO1".utf8)

  init(version: ObjectVersion, expires: Int64, length: Int) { (self.version, self.expires, self.length) = (version, expires, length) }

  /// The header of an object with that content.
  func encoded(before content: [UInt8]) -> [UInt8] {
    let fields = fields
    var checksum = ObjectChecksum(of: fields)
    checksum.add(content)
    return fields + Self.bytes(checksum.value)
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

  /// Whether the content is the one that an encoded header was made for.
  static func isIntact(_ header: [UInt8], _ content: [UInt8]) -> Bool {
    var checksum = ObjectChecksum(of: header)
    checksum.add(content)
    return checksum.matches(header)
  }

  private static func bytes(_ word: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) } }

  fileprivate static func word(_ index: Int, of bytes: [UInt8]) -> UInt64 {
    bytes[(8 * index)..<(8 * index + 8)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}

/// The checksum of an object, whose content may come in pieces.
struct ObjectChecksum {
  private var sum: UInt32

  /// - Parameter header: with or without its last field.
  init(of header: [UInt8]) {
    sum = unsafe header.withUnsafeBytes { unsafe crc32c(UnsafeRawBufferPointer(rebasing: $0.prefix(ObjectHeader.size - 8))) }
  }

  mutating func add(_ piece: [UInt8]) {
    unsafe piece.withUnsafeBytes { bytes in
      // The function that computes it counts in 32 bits.
      for start in stride(from: 0, to: bytes.count, by: 1 << 30) {
        sum = unsafe crc32c(UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + 1 << 30, bytes.count)]), continuing: sum)
      }
    }
  }

  var value: UInt64 { UInt64(sum) }

  /// Whether it is the one in an encoded header.
  func matches(_ header: [UInt8]) -> Bool { value == ObjectHeader.word(4, of: header) }
}
