import Hashing
import Testing

@testable import Drawing

/// Tests for the lengths of lines; every letter is one em wide.
struct BalancedLinesTests {
  /// Words of one to nine letters. The generator has a fixed seed, so that failures repeat.
  static func prompt(seed: UInt64, words: Int) -> String {
    var generator = SplitMix64(seed: seed)
    return (0..<words).map { _ in String(repeating: "a", count: 1 + generator.next(below: 9)) }.joined(separator: " ")
  }

  static func lengths(_ prompt: String, width: Int) throws -> [Float] {
    let text = LineBreakerTests.shape(prompt)
    let block = try #require(TextFitting(text: text, width: 10 * width, height: 10_000, sizes: 10...10).block())
    return Dictionary(grouping: block.clusters, by: \.baseline).sorted { $0.key < $1.key }.map { _, clusters in
      (clusters[clusters.count - 1].x - clusters[0].x) / 10 + 1
    }
  }

  /// The least raggedness of all ways to set words in `lineCount` lines: the sum of the squares of each line's free space, a quarter of it
  /// for the last line.
  static func leastRaggedness(_ words: ArraySlice<Int>, width: Int, lineCount: Int) -> Float? {
    guard lineCount > 0 else { return words.isEmpty ? 0 : nil }
    var (best, length) = (Float?.none, -1)
    for (index, word) in words.enumerated() {
      length += 1 + word
      if length > width { break }
      guard let rest = leastRaggedness(words.dropFirst(index + 1), width: width, lineCount: lineCount - 1) else { continue }
      best = min(best ?? .infinity, raggedness(Float(width - length), isLast: lineCount == 1) + rest)
    }
    return best
  }

  static func raggedness(_ lack: Float, isLast: Bool) -> Float { lack * lack * (isLast ? 0.25 : 1) }

  @Test func `no other way to break a text into as many lines is less ragged`() throws {
    for seed in 0..<200 as Range<UInt64> {
      let prompt = Self.prompt(seed: seed, words: 12)
      let words = prompt.split(separator: " ").map(\.count)
      for width in [10, 17, 30] {
        let lengths = try Self.lengths(prompt, width: width)
        let longest = Int(lengths.max() ?? 0)
        let raggedness = lengths.enumerated().map { line, length in
          Self.raggedness(Float(longest) - length, isLast: line == lengths.count - 1)
        }
        let least = Self.leastRaggedness(words[...], width: longest, lineCount: lengths.count)
        #expect(raggedness.reduce(0, +) == least, "seed \(seed), width \(width)")
      }
    }
  }

  /// Lines used to be filled one after the other at the narrowest width, and were 9, 5 and 9 letters long.
  @Test func `no line in the middle is short if a word of the line before fits`() throws {
    #expect(try Self.lengths("aaaa aa a aaaaa aaaaaaaaa", width: 10) == [7, 7, 9])
  }

  @Test func `rather the last line is short than one in the middle`() throws {
    #expect(try Self.lengths("aaaaaaaa aaaaaaa aaaaaaaaa aa aaaaaaaa", width: 16) == [16, 12, 8])
  }

  @Test(arguments: [("", 0), ("\n", 1), ("\n\n", 2)])
  func `paragraphs are balanced each for itself, and keep the empty lines between them`(separator: String, lines: Int) throws {
    let text = LineBreakerTests.shape("aaaa bbbb c" + separator + (lines == 0 ? "" : "dddd eeee f"))
    let block = try #require(TextFitting(text: text, width: 100, height: 10_000, sizes: 10...10).block())
    #expect(block.lineCount == (lines == 0 ? 2 : 3 + lines))
    #expect(block.width == 60)
  }

  @Test func `there are no more lines than the fullest ones would be`() throws {
    for seed in 0..<100 as Range<UInt64> {
      let text = LineBreakerTests.shape(Self.prompt(seed: seed, words: 150))
      for width in [9, 24, 70] {
        let block = try #require(TextFitting(text: text, width: 10 * width, height: 10_000, sizes: 10...10).block())
        #expect(block.lineCount == LineBreaker(text, width: Float(width)).lines.count)
        #expect(block.width <= 10 * Float(width))
      }
    }
  }
}
