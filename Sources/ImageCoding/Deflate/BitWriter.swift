/// Writes deflate's bits: fields from the least significant bit upwards, Huffman codes from their most significant bit (RFC 1951, 3.1.1).
///
/// Each field is written by a store of eight bytes, and the next store overwrites the bytes that the field did not fill. Callers therefore
/// check ``hasRoom(for:)`` first, once for many fields.
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

  /// The most bits of a field.
  static let longestField: UInt64 = 56

  /// - Precondition: there is room.
  mutating func write(_ field: BitField) { write(1) { _ in field } }

  /// Writes the lowest bits of a number.
  ///
  /// - Precondition: there is room.
  mutating func write(_ bits: UInt64, _ length: UInt64) { write(BitField(bits: bits, length: length)) }

  /// Writes many fields, faster than one by one, because what is pending stays in registers.
  ///
  /// - Precondition: there is room.
  /// - Parameter field: returns one of at most ``longestField`` bits.
  @inline(__always)
  mutating func write(_ fieldCount: Int, _ field: (Int) -> BitField) {
    let start = unsafe UnsafeMutableRawPointer(output.baseAddress.unsafelyUnwrapped)
    var (count, pending, pendingCount) = (count, pending, pendingCount)
    for index in 0..<fieldCount {
      let field = field(index)
      pending |= field.bits &<< pendingCount
      pendingCount &+= field.length
      unsafe (start + count).storeBytes(of: pending.littleEndian, as: UInt64.self)
      count &+= Int(truncatingIfNeeded: pendingCount &>> 3)
      pending &>>= pendingCount & ~7
      pendingCount &= 7
    }
    (self.count, self.pending, self.pendingCount) = (count, pending, pendingCount)
  }

  /// Fills up the last byte with zeroes.
  mutating func align() { write(0, (8 &- pendingCount) & 7) }

  /// Writes a stored block (RFC 1951, 3.2.4).
  ///
  /// - Precondition: there is room.
  /// - Parameters:
  ///   - bytes: at most 65535.
  ///   - isLast: whether the stream ends with the block.
  mutating func writeStored(_ bytes: UnsafeRawBufferPointer, isLast: Bool) {
    write(isLast ? 1 : 0, 3)
    align()
    let length = UInt64(bytes.count)
    write(length | (length ^ 0xffff) << 16, 32)
    unsafe UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(output)[count...]).copyMemory(from: bytes)
    count += bytes.count
  }

  /// Writes an empty stored block, which is deflate's way to the next whole byte.
  /// - Returns: false if there is no room.
  mutating func writeEmptyBlock() -> Bool {
    guard hasRoom(for: 3 + 7 + 32) else { return false }
    unsafe writeStored(UnsafeRawBufferPointer(start: nil, count: 0), isLast: false)
    return true
  }
}

/// Some bits in the order of the stream: the first bit is the least significant one, and none is set behind the last.
struct BitField {
  var bits: UInt64
  var length: UInt64

  @inline(__always)
  func followed(by other: BitField) -> BitField { BitField(bits: bits | other.bits &<< length, length: length &+ other.length) }
}
