import CDeflate

/// zlib's checksum (RFC 1950, section 8.2).
struct Adler32 {
  private(set) var value: UInt32 = 1

  /// Uses libdeflate, which takes a fifth of ISA-L's time.
  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    // Without an address, libdeflate returns the initial value.
    guard let start = bytes.baseAddress else { return }
    unsafe value = libdeflate_adler32(value, start, bytes.count)
  }

  mutating func add(_ byte: UInt8) {
    let low = ((value & 0xffff) + UInt32(byte)) % Self.modulus
    let high = (value >> 16 + low) % Self.modulus
    value = high << 16 | low
  }

  /// Adds `count` zeroes, which need not exist in memory.
  mutating func add(zeroes count: Int) {
    let low = UInt64(value & 0xffff)
    let high = (UInt64(value >> 16) + low * UInt64(count)) % UInt64(Self.modulus)
    value = UInt32(high << 16 | low)
  }

  /// Adds `count` bytes by their own checksum.
  mutating func add(_ other: Adler32, of count: Int) {
    let (modulus, count) = (UInt64(Self.modulus), UInt64(count) % UInt64(Self.modulus))
    // The other sum began at 1, which counts in each of its steps.
    let added = UInt64(value & 0xffff) + modulus - 1
    let low = (added + UInt64(other.value & 0xffff)) % modulus
    let high = (UInt64(value >> 16) + UInt64(other.value >> 16) + added % modulus * count) % modulus
    value = UInt32(high << 16 | low)
  }

  private static let modulus: UInt32 = 65521
}
