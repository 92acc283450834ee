import CISAL

/// zlib's checksum (RFC 1950, section 8.2).
struct Adler32 {
  private(set) var value: UInt32 = 1

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress else { return }
    // The C signature lacks a const; the function only reads.
    unsafe value = isal_adler32(value, UnsafeMutablePointer(mutating: start.assumingMemoryBound(to: UInt8.self)), UInt64(bytes.count))
  }

  /// Adds one byte and then so many zeroes, which need not be there.
  mutating func add(_ byte: UInt8, zeroes: Int) {
    let modulus: UInt64 = 65521
    let low = (UInt64(value & 0xffff) + UInt64(byte)) % modulus
    let high = (UInt64(value >> 16) + low * UInt64(1 + zeroes)) % modulus
    value = UInt32(high << 16 | low)
  }
}
