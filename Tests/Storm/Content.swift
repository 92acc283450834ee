/// Bytes that follow from a number, so that nobody has to keep them to know what was stored.
struct Content {
  private static let noise: [UInt8] = {
    var generator = StormGenerator(state: 1)
    return (0..<65_536).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
  }()

  static func bytes(_ seed: UInt64) -> [UInt8] {
    var generator = StormGenerator(state: seed)
    let length = Int(generator.next() % 6000)
    let start = Int(generator.next() % UInt64(noise.count - length))
    return withUnsafeBytes(of: seed) { Array($0) } + noise[start..<start + length]
  }
}

/// SplitMix64 (Steele, Lea, Flood 2014).
struct StormGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }
}
