import CDeflate

/// zlib's checksum (RFC 1950, section 8.2).
struct Adler32 {
  private(set) var value: UInt32 = 1

  /// Through libdeflate, which takes a fifth of ISA-L's time for it.
  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    // Without an address libdeflate answers with the checksum's first value.
    guard let start = bytes.baseAddress else { return }
    unsafe value = libdeflate_adler32(value, start, bytes.count)
  }

  /// Adds one byte and then so many zeroes, which need not be there.
  mutating func add(_ byte: UInt8, zeroes: Int) {
    let modulus: UInt64 = 65521
    let low = (UInt64(value & 0xffff) + UInt64(byte)) % modulus
    let high = (UInt64(value >> 16) + low * UInt64(1 + zeroes)) % modulus
    value = UInt32(high << 16 | low)
  }
}
