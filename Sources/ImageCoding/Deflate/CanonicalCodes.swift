/// Deflate's Huffman codes, which follow from their lengths alone (RFC 1951, 3.2.2).
enum CanonicalCodes {
  /// Assigns a code to each symbol that has a length, in the order of the stream: the first bit is the least significant one.
  ///
  /// - Parameter lengths: each at most 15.
  static func assign(_ lengths: Span<UInt8>, _ codes: inout MutableSpan<UInt32>) {
    var next = InlineArray<16, UInt32>(repeating: 0)
    for symbol in lengths.indices { next[Int(lengths[symbol])] += 1 }
    next[0] = 0
    var code: UInt32 = 0
    for length in 1...15 { (next[length], code) = (code, (code + next[length]) << 1) }
    for symbol in lengths.indices {
      let length = Int(lengths[symbol])
      codes[symbol] = length == 0 ? 0 : reverse(next[length], length)
      next[length] += 1
    }
  }

  private static func reverse(_ code: UInt32, _ length: Int) -> UInt32 {
    var bits = code
    bits = bits >> 1 & 0x5555 | (bits & 0x5555) << 1
    bits = bits >> 2 & 0x3333 | (bits & 0x3333) << 2
    bits = bits >> 4 & 0x0f0f | (bits & 0x0f0f) << 4
    return (bits >> 8 | (bits & 0xff) << 8) >> UInt32(16 - length)
  }
}
