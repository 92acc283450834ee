/// Base64 (RFC 4648, section 4). Images in responses are hundreds of kilobytes, so eight groups of three bytes are encoded at a time.
package enum Base64Encoding {
  /// The base64 of some bytes, with padding.
  package static func text(of content: [UInt8]) -> String {
    unsafe String(unsafeUninitializedCapacity: digits(for: content.count)) { target in
      unsafe content.withUnsafeBytes { unsafe encode($0, to: UnsafeMutableRawBufferPointer(target)) }
    }
  }

  /// Appends it to a text.
  static func append(_ content: [UInt8], to text: inout [UInt8]) {
    let needed = text.count + digits(for: content.count) + rest
    if needed > text.capacity { text.reserveCapacity(max(needed, 2 * text.capacity)) }
    unsafe content.withUnsafeBytes { source in
      unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: digits(for: piece)) { target in
        for start in stride(from: 0, to: source.count, by: piece) {
          let part = unsafe UnsafeRawBufferPointer(rebasing: source[start..<min(start + piece, source.count)])
          let count = unsafe encode(part, to: UnsafeMutableRawBufferPointer(target))
          unsafe text.append(contentsOf: UnsafeBufferPointer(rebasing: target[..<count]))
        }
      }
    }
  }

  /// Bytes that are encoded before they are copied to the text: so few that they stay in the processor's first cache. A multiple of three,
  /// because only the last piece is padded.
  private static let piece = 12 << 10
  /// Room for what follows in the document.
  private static let rest = 1000

  private static func digits(for bytes: Int) -> Int { (bytes + 2) / 3 * 4 }

  /// - Parameter target: as long as the digits.
  /// - Returns: the number of digits.
  private static func encode(_ source: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer) -> Int {
    var (read, written) = (0, 0)
    // The last of the eight groups is read with the byte that follows.
    while source.count - read > 24 {
      func group(_ index: Int) -> UInt32 {
        UInt32(bigEndian: unsafe source.loadUnaligned(fromByteOffset: read + 3 * index, as: UInt32.self))
      }
      let groups = SIMD8(group(0), group(1), group(2), group(3), group(4), group(5), group(6), group(7))
      unsafe target.storeBytes(of: digits(of: groups), toByteOffset: written, as: SIMD8<UInt32>.self)
      read += 24
      written += 32
    }
    while read < source.count {
      let count = min(3, source.count - read)
      var group = SIMD8<UInt32>()
      for index in 0..<count { group[0] |= UInt32(unsafe source[read + index]) << UInt32(24 - 8 * index) }
      unsafe target.storeBytes(of: digits(of: group)[0], toByteOffset: written, as: UInt32.self)
      for index in count + 1..<max(count + 1, 4) { unsafe target[written + index] = UInt8(ascii: "=") }
      read += 3
      written += 4
    }
    return written
  }

  /// The four digits of each group, the first one in the lowest byte.
  ///
  /// - Parameter groups: three bytes each, the first one in the highest byte.
  private static func digits(of groups: SIMD8<UInt32>) -> SIMD8<UInt32> {
    let first = (groups &>> 26) & 0x3f | (groups &>> 12) & 0x3f00
    let values = first | (groups &<< 2) & 0x3f_0000 | (groups &<< 16) & 0x3f00_0000
    // A digit's byte is 65 more than its value, and differs from that from a, 0, + and / on. No byte overflows into the next one.
    let letters = values &+ 65 &* ones &+ 6 &* (values >= 26)
    return letters &- 75 &* (values >= 52) &- 15 &* (values >= 62) &+ 3 &* (values >= 63)
  }

  private static var ones: UInt32 { 0x0101_0101 }
}

/// 1 in each byte that is at least `bound`, of bytes up to 63: adding the rest to 128 sets the highest bit.
private func >= (values: SIMD8<UInt32>, bound: UInt32) -> SIMD8<UInt32> { ((values &+ (128 - bound) &* 0x0101_0101) &>> 7) & 0x0101_0101 }
