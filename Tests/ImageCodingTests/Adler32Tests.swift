import Testing

@testable import ImageCoding

struct Adler32Tests {
  /// The checksum byte by byte, as RFC 1950 defines it.
  static func sum(_ bytes: [UInt8]) -> UInt32 {
    var sum = Adler32()
    for byte in bytes { sum.add(byte) }
    return sum.value
  }

  @Test(arguments: [0, 1, 2, 65520, 65521, 65522, 200_000])
  func `sums of two parts make the sum of both`(count: Int) {
    for (first, second) in [(0xff, 0xff), (0, 0xff), (0xff, 0), (1, 254)] as [(UInt8, UInt8)] {
      let parts = ([UInt8](repeating: first, count: 70_001), [UInt8](repeating: second, count: count))
      var (whole, rest) = (Adler32(), Adler32())
      unsafe parts.0.withUnsafeBytes { unsafe whole.add($0) }
      unsafe parts.1.withUnsafeBytes { unsafe rest.add($0) }
      whole.add(rest, of: count)
      #expect(whole.value == Self.sum(parts.0 + parts.1))
    }
  }

  @Test(arguments: [0, 1, 65521, 1_000_000])
  func `zeroes need not be there`(count: Int) {
    var sum = Adler32()
    sum.add(200)
    sum.add(zeroes: count)
    #expect(sum.value == Self.sum([200] + [UInt8](repeating: 0, count: count)))
  }
}
