/// Writes deflate's bits: fields from the least significant bit upwards, Huffman codes from their most significant bit (RFC 1951, 3.1.1).
///
/// A field is eight bytes in one store, of which the next field overwrites what is not yet filled. So whoever writes asks ``hasRoom(for:)``
/// first, once for many fields.
@safe
struct BitWriter: ~Copyable {
  private let output: UnsafeMutableBufferPointer<UInt8>
  /// The whole bytes written.
  private(set) var count = 0
  private var pending: UInt64 = 0
  /// At most 7 between two fields.
  private var pendingCount: UInt64 = 0

  init(_ output: UnsafeMutableBufferPointer<UInt8>) { unsafe self.output = output }

  /// The bytes of a store, which may lie behind the last field.
  static let slack = 8

  /// Whether so many more bits fit, wherever the last byte ends.
  func hasRoom(for bits: Int) -> Bool { unsafe count + bits / 8 + 2 + Self.slack <= output.count }

  /// The bits of the last byte that are in use, 0 to 7.
  var bitsInLastByte: Int { Int(pendingCount) }

  /// - Precondition: there is room.
  /// - Parameter length: 0 to 56 bits; `value` has no others.
  @inline(__always)
  mutating func write(_ value: UInt64, _ length: UInt64) {
    pending |= value &<< pendingCount
    pendingCount &+= length
    unsafe UnsafeMutableRawPointer(output.baseAddress.unsafelyUnwrapped + count).storeBytes(of: pending.littleEndian, as: UInt64.self)
    count &+= Int(truncatingIfNeeded: pendingCount &>> 3)
    pending &>>= pendingCount & ~7
    pendingCount &= 7
  }

  /// Fills up the last byte with zeroes.
  mutating func align() { write(0, (8 &- pendingCount) & 7) }

  /// - Precondition: the last byte is full, and there is room.
  mutating func write(_ bytes: UnsafeRawBufferPointer) {
    unsafe UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(output)[count...]).copyMemory(from: bytes)
    count += bytes.count
  }
}
