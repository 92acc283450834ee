import Hashing
import Testing

@testable import Drawing

struct SplitMix64Tests {
  /// The first numbers of Vigna's program for this seed, as published with Rosetta Code's task on SplitMix64.
  @Test func `its numbers are the published ones`() {
    var generator = SplitMix64(seed: 1_234_567)
    let numbers = (0..<5).map { _ in generator.next() }
    #expect(
      numbers == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423, 4_593_380_528_125_082_431,
        16_408_922_859_458_223_821,
      ])
  }

  @Test func `all numbers below a bound occur, and none above`() {
    var generator = SplitMix64(seed: 0)
    #expect(Set((0..<1000).map { _ in generator.next(below: 7) }) == Set(0..<7))
  }

  @Test func `shuffling keeps every element`() {
    var generator = SplitMix64(seed: 3)
    let shuffled = generator.shuffled(Array(0..<50))
    #expect(shuffled != Array(0..<50))
    #expect(shuffled.sorted() == Array(0..<50))
  }
}
