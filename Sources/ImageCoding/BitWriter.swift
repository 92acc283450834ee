/// Writes deflate's bits: fields from the least significant bit upwards, Huffman codes from their most significant bit (RFC 1951, 3.1.1).
///
/// Bytes past the end of the buffer are dropped, but ``count`` includes them.
@safe
struct BitWriter: ~Copyable {
  private let output: UnsafeMutableBufferPointer<UInt8>
  /// The whole bytes written, dropped ones included.
  private(set) var count: Int
  private var pending: UInt64 = 0
  private var pendingCount = 0

  init(_ output: UnsafeMutableBufferPointer<UInt8>, from start: Int) {
    unsafe self.output = output
    count = start
  }

  /// - Parameter length: 0 to 32 bits.
  mutating func write(_ value: UInt32, _ length: Int) {
    pending |= UInt64(value) << pendingCount
    pendingCount += length
    while pendingCount >= 8 { emitByte() }
  }

  mutating func write(_ code: HuffmanCode) { write(code.reversed, code.length) }

  /// Fills up the last byte with zeroes.
  mutating func align() { if pendingCount > 0 { emitByte() } }

  private mutating func emitByte() {
    if unsafe count < output.count { unsafe output[count] = UInt8(truncatingIfNeeded: pending) }
    count += 1
    pending >>= 8
    pendingCount = max(0, pendingCount - 8)
  }
}

/// A Huffman code, or other bits, in the order of the stream: the first bit is the least significant one.
struct HuffmanCode {
  var reversed: UInt32
  var length: Int

  /// The canonical codes of lengths of at most 15 (RFC 1951, 3.2.2); nil for a length of 0.
  static func canonical(_ lengths: [Int]) -> [HuffmanCode?] {
    var counts = [Int](repeating: 0, count: 16)
    for length in lengths where length > 0 { counts[length] += 1 }
    var next = [Int](repeating: 0, count: 16)
    for length in 1...15 { next[length] = (next[length - 1] + counts[length - 1]) << 1 }
    return lengths.map { length in
      guard length > 0 else { return nil }
      defer { next[length] += 1 }
      return HuffmanCode(reversed: reverse(next[length], length), length: length)
    }
  }

  /// The same bits in fewer fields of at most 32 bits.
  static func joined(_ fields: [HuffmanCode]) -> [HuffmanCode] {
    fields.reduce(into: []) { joined, field in
      guard let last = joined.last, last.length + field.length <= 32 else { return joined.append(field) }
      joined[joined.count - 1] = HuffmanCode(reversed: last.reversed | field.reversed << last.length, length: last.length + field.length)
    }
  }

  private static func reverse(_ code: Int, _ length: Int) -> UInt32 {
    (0..<length).reduce(0) { $0 | UInt32(code >> $1 & 1) << (length - 1 - $1) }
  }
}
