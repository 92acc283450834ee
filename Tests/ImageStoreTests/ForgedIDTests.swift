import SharedMemory
import Testing

@testable import ImageStore

/// IDs that were never issued, tested against a store in which every possible live sequence number is in use.
@Suite struct ForgedIDTests {
  static let perKind = 2_000_000

  /// How an ID is forged from an issued one. All bits may change except version and variant, which the parser checks.
  static let kinds: [(name: String, forge: @Sendable (RingKey, inout SplitMix) -> RingKey)] = [
    ("random", { _, random in key(random.next(), random.next()) }),
    ("a live sequence number and random bits", { given, random in key(given.high & ~0xffff | random.next() & 0xfff, random.next()) }),
    ("one bit away", { given, random in flipped(given, bit: Int(random.next() % 122)) }),
    ("a neighbour's random bits", { given, random in key(given.high &+ (1 << 16), given.low) }),
    ("a sequence number that is long gone or far ahead", { given, random in key(random.next() << 16 | given.high & 0xffff, given.low) }),
  ]

  @Test(arguments: kinds.indices) func `forged ids find nothing`(kind: Int) throws {
    let fixture = try StoreFixture()
    let given = try (0..<300).map { try fixture.store.insert([UInt8](repeating: UInt8($0 & 0xff), count: 1000)) }
    let live = try given.filter { try fixture.store.stored($0) != nil }
    #expect(live.count > 100 && live.count < given.count, "the store is full")
    var random = SplitMix(state: UInt64(kind))
    var hits = 0
    for index in 0..<Self.perKind {
      let forged = Self.kinds[kind].forge(live[index % live.count].key, &random)
      if try fixture.store.stored(ImageID(high: forged.high, low: forged.low)) != nil { hits += 1 }
    }
    #expect(hits == 0)
    let allThere = try live.allSatisfy { try fixture.store.stored($0) != nil }
    #expect(allThere)
  }

  @Test func `truncated and lengthened ids are invalid`() throws {
    let fixture = try StoreFixture()
    let text = try fixture.store.insert([1]).description
    for length in 0..<text.count { #expect(ImageID(text.prefix(length)) == nil) }
    for digit in "0123456789abcdef" { #expect(ImageID(text + String(digit)) == nil) }
  }
}

/// Sets version and variant.
private func key(_ high: UInt64, _ low: UInt64) -> RingKey {
  RingKey(high: high & ~0xf000 | 0x8000, low: low & ~(0b11 << 62) | 0b10 << 62)
}

/// - Parameter bit: an index that does not count the bits of version and variant.
private func flipped(_ key: RingKey, bit: Int) -> RingKey {
  switch bit {
  case 0..<62: RingKey(high: key.high, low: key.low ^ 1 << bit)
  case 62..<74: RingKey(high: key.high ^ 1 << (bit - 62), low: key.low)
  default: RingKey(high: key.high ^ 1 << (bit - 74 + 16), low: key.low)
  }
}

/// SplitMix64 (Steele, Lea, Flood 2014): the kernel's generator would take most of the test's time.
struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
    return word ^ word >> 31
  }
}
