/// Bytes that follow from a number, so that nobody has to keep them to know what was stored.
package enum Content {
  private static let noise: [UInt8] = {
    var generator = SeededGenerator(seed: 1)
    return (0..<65_536).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
  }()

  /// Of up to 6 KB, or of so many bytes, 8 at least.
  package static func bytes(_ seed: UInt64, count: Int? = nil) -> [UInt8] {
    var generator = SeededGenerator(seed: seed)
    let length = count.map { $0 - 8 } ?? Int(generator.next() % 6000)
    let start = Int(generator.next() % UInt64(noise.count - length))
    return (0..<8).map { UInt8(truncatingIfNeeded: seed >> ($0 * 8)) } + noise[start..<start + length]
  }

  /// Other bytes of the same length and the same CRC-32C: the checksum is linear, and its polynomial (33 bits, the lowest coefficient last,
  /// as the bytes go over a wire) divides what is changed.
  package static func forged(_ bytes: [UInt8], at offset: Int) -> [UInt8] {
    var forged = bytes
    for (index, byte) in [0xf1, 0x76, 0xec, 0x05, 0x01].enumerated() { forged[offset + index] ^= UInt8(byte) }
    return forged
  }
}
