import Hashing
import Testing

@testable import ImageCoding

@Suite struct HuffmanLengthsTests {
  private static func lengths(of counts: [UInt32], limit: Int = 15) -> [Int] {
    var huffman = HuffmanLengths()
    var lengths = [UInt8](repeating: 99, count: counts.count)
    var span = lengths.mutableSpan
    huffman.find(counts.span, limit: limit, &span)
    return lengths.map(Int.init)
  }

  /// The bits of all symbols in the best codes of any length: what all joins of the two lightest nodes weigh together.
  private static func fewestBits(_ counts: [UInt32]) -> Int {
    var weights = counts.filter { $0 > 0 }.map(Int.init).sorted()
    var bits = 0
    while weights.count > 1 {
      let joined = weights.removeFirst() + weights.removeFirst()
      bits += joined
      weights.insert(joined, at: weights.firstIndex { $0 >= joined } ?? weights.count)
    }
    return bits
  }

  /// How much of all codes is in use, in units of the longest.
  private static func share(_ lengths: [Int]) -> Int { lengths.reduce(0) { $0 + ($1 > 0 ? 1 << (15 - $1) : 0) } }

  @Test func `the codes are complete, and no others need fewer bits`() {
    var random = SplitMix64(seed: 11)
    for round in 0..<400 {
      let count = 2 + round % (HuffmanLengths.mostSymbols - 1)
      // Some symbols do not occur, and the others' counts have one to four bytes.
      let counts = (0..<count).map { _ in random.next() % 4 == 0 ? 0 : UInt32(random.next() >> (40 + random.next() % 23)) }
      guard counts.count(where: { $0 > 0 }) > 1, Self.fewestBits(counts) < 1 << 31 else { continue }
      let lengths = Self.lengths(of: counts)
      #expect(Self.share(lengths) == 1 << 15)
      for (count, length) in zip(counts, lengths) { #expect((count > 0) == (length > 0)) }
      guard lengths.max()! < 15 else { continue }
      #expect(zip(counts, lengths).reduce(0) { $0 + Int($1.0) * $1.1 } == Self.fewestBits(counts))
    }
  }

  @Test(arguments: [7, 15])
  func `codes that would be too long are cut, and stay complete`(limit: Int) {
    // The best codes of Fibonacci's numbers are as long as there are numbers.
    var counts: [UInt32] = [1, 1]
    while counts.count < 19 { counts.append(counts[counts.count - 1] + counts[counts.count - 2]) }
    let lengths = Self.lengths(of: counts, limit: limit)
    #expect(lengths.max() == limit)
    #expect(Self.share(lengths) == 1 << 15)
    for (rarer, commoner) in zip(lengths, lengths.dropFirst()) { #expect(rarer >= commoner) }
  }

  @Test func `one symbol has a code of one bit, and none has no code`() {
    #expect(Self.lengths(of: [0, 0, 5, 0]) == [0, 0, 1, 0])
    #expect(Self.lengths(of: [0, 0]) == [0, 0])
  }
}
