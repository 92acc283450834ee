/// The 64-bit hash of Fowler, Noll and Vo (RFC 9923). `Hasher` is seeded anew in each process, so it can neither choose an image nor name
/// anything in shared memory.
package struct FNV1a: Sendable {
  package var value: UInt64

  /// - Parameter seed: hashes with different seeds differ.
  @inlinable package init(seed: UInt64 = 0) { value = 0xCBF2_9CE4_8422_2325 ^ seed }

  @inlinable package mutating func combine(byte: UInt8) { combine(word: UInt64(byte)) }

  /// One step over a whole word rather than a byte: for layouts, whose facts are numbers.
  @inlinable package mutating func combine(word: UInt64) { value = (value ^ word) &* 0x0000_0100_0000_01B3 }

  /// Ends with a byte that UTF-8 never contains, so that "ab", "c" and "a", "bc" differ.
  @inlinable package mutating func combine(_ text: String) {
    for byte in text.utf8 { combine(byte: byte) }
    combine(byte: 0xFF)
  }

  @inlinable package mutating func combine(_ number: UInt64) {
    for shift in UInt64(0)..<8 { combine(byte: UInt8(truncatingIfNeeded: number >> (8 * shift))) }
  }

  /// The hash of some bytes.
  @inlinable package static func hash(_ bytes: some Sequence<UInt8>, seed: UInt64 = 0) -> UInt64 {
    var hash = FNV1a(seed: seed)
    for byte in bytes { hash.combine(byte: byte) }
    return hash.value
  }

  /// The hash of some numbers, a step each.
  @inlinable package static func hash(words: some Sequence<UInt64>) -> UInt64 {
    var hash = FNV1a()
    for word in words { hash.combine(word: word) }
    return hash.value
  }
}
