/// What is stored behind an image's bytes in Redis, where it can be removed without moving the image:
///
/// ```
/// offset  bytes
///      0      8  when the image was made, in nanoseconds since 1970 (UTC), little endian
///      8      8  when it expires
///     16      4  the format's name, padded with spaces: "jpeg", "png "
///     20      4  "FAI1", the version of this layout
/// ```
struct RedisImageTrailer: Equatable {
  var format: ImageFormat
  var created: Int64
  var expires: Int64

  static let size = 24
  private static let version = Array("FAI1".utf8)

  init(format: ImageFormat, created: Int64, expires: Int64) { (self.format, self.created, self.expires) = (format, created, expires) }

  var bytes: [UInt8] { Self.littleEndian(created) + Self.littleEndian(expires) + Self.padded(format) + Self.version }

  /// Reads the end of a value, and removes it. nil if it is anything else, or of another version.
  init?(removedFrom value: inout [UInt8]) {
    let trailer = Array(value.suffix(Self.size))
    guard trailer.count == Self.size, trailer[20...].elementsEqual(Self.version) else { return nil }
    guard let format = ImageFormat.allCases.first(where: { Self.padded($0).elementsEqual(trailer[16..<20]) }) else { return nil }
    self.init(format: format, created: Self.number(trailer[..<8]), expires: Self.number(trailer[8..<16]))
    value.removeLast(Self.size)
  }

  private static func padded(_ format: ImageFormat) -> [UInt8] { Array((format.rawValue + "    ").utf8.prefix(4)) }

  private static func littleEndian(_ number: Int64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int64 {
    bytes.reversed().reduce(0) { $0 << 8 | Int64($1) }
  }
}
