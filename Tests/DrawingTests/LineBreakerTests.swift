import Testing

@testable import Drawing

struct LineBreakerTests {
  /// A typeface whose every letter is one em wide, so that lengths can be counted.
  final class Monospace: Typeface {
    let (ascent, descent, capHeight, blank): (Float, Float, Float, Float) = (0.8, 0.2, 0.7, 1)

    func shape(_ run: Range<Int>, of scalars: [UInt32], isRightToLeft: Bool, into text: inout ShapedText) {
      for scalar in scalars[run] {
        text.beginCluster()
        text.append(glyph: scalar, x: 0, y: 0, advance: 1)
      }
    }

    func rasterise(_ glyph: UInt32, pixelSize: Int, shift: Float) -> Glyph { .empty }
  }

  static func shape(_ text: String) -> ShapedText { ShapedText(PlainText(text, limit: 1000), in: Monospace()) }

  static func lines(_ broken: LineBreaker, of text: ShapedText) -> [String] {
    broken.lines.map { line in
      let pieces = broken.pieces[line.pieces].map { piece in
        let letters = piece.clusters.flatMap { text.glyphs[text.clusters[$0].glyphs] }.compactMap { Unicode.Scalar($0.glyph) }
        return (piece.gap > 0 ? " " : "") + String(String.UnicodeScalarView(letters))
      }
      return pieces.joined()
    }
  }

  static func lines(_ text: String, width: Float) -> [String] {
    let text = shape(text)
    return lines(LineBreaker(text, width: width), of: text)
  }

  @Test(
    arguments: [
      ("a bb ccc", 4, ["a bb", "ccc"]), ("a bb ccc", 8, ["a bb ccc"]), ("a  \t b", 9, ["a b"]), ("abcdefg", 3, ["abc", "def", "g"]),
      ("a bcdefg h", 3, ["a", "bcd", "efg", "h"]), ("a\nb", 9, ["a", "b"]), ("a\r\nb", 9, ["a", "b"]), ("a\n\n\n\nb", 9, ["a", "", "b"]),
      ("\n a \n", 9, ["a"]), ("a\0b\u{7}c", 9, ["abc"]), ("ab", 0.5, ["a", "b"]),
    ] as [(String, Float, [String])])
  func `text is broken at blanks, newlines and, if it must be, within words`(text: String, width: Float, expected: [String]) {
    #expect(Self.lines(text, width: width) == expected)
  }

  @Test func `text that is left out is replaced by an ellipsis within the width`() {
    let text = Self.shape("aaa bbb ccc ddd")
    var broken = LineBreaker(text, width: 7)
    broken.truncate(to: 1)
    #expect(Self.lines(broken, of: text) == ["aaa bb…"])
    #expect(broken.lines.allSatisfy { $0.advance <= 7 })
  }

  /// A joiner between blanks once kept truncation going for ever.
  @Test func `a word without anything to see does not count`() {
    let joiners = String(repeating: "\u{200D} ", count: 50)
    let text = ShapedText(PlainText("aaa \(joiners) bbb ccc \(joiners)", limit: 1000), in: BuiltInAlphabet())
    #expect(text.words.count == 3)
    var broken = LineBreaker(text, width: 1)
    broken.truncate(to: 2)
    #expect(broken.lines.count == 2)
  }

  @Test func `nothing but an ellipsis is left where there is no room for more`() {
    let text = Self.shape("aaa bbb")
    var broken = LineBreaker(text, width: 0.5)
    broken.truncate(to: 1)
    #expect(Self.lines(broken, of: text) == ["…"])
  }

  @Test func `a fitting text is not truncated`() {
    let text = Self.shape("aaa bbb")
    var broken = LineBreaker(text, width: 7)
    broken.truncate(to: 1)
    #expect(Self.lines(broken, of: text) == ["aaa bbb"])
  }

  @Test func `lines are balanced, so that no word is left alone`() throws {
    let text = Self.shape("aaaa bbbb cccc dddd e")
    let fitting = TextFitting(text: text, face: Monospace(), width: 190, height: 100, sizes: 10...10)
    let block = try #require(fitting.block())
    #expect(block.lineCount == 2)
    #expect(block.width == 110)
  }

  @Test func `words are not broken while a smaller size keeps them whole`() throws {
    let text = Self.shape("aaaaaaaa bb")
    let fitting = TextFitting(text: text, face: Monospace(), width: 100, height: 1000, sizes: 6...16)
    #expect(try #require(fitting.block()).pixelSize == 12)
  }

  @Test(arguments: [("ab שלום עולם cd", [1, 7, 3, 11]), ("שלום ab cd עולם", [9, 5, 7, 1])])
  func `words of the other direction are turned around among themselves`(text: String, expected: [Int]) {
    let broken = LineBreaker(Self.shape(text), width: 100)
    let line = broken.lines[0]
    let pieces = broken.pieces[line.pieces].inVisualOrder(isRightToLeft: line.isRightToLeft)
    #expect(pieces.map(\.clusters.lowerBound) == expected)
    #expect(pieces.map(\.gap) == [0, 1, 1, 1])
  }

  @Test func `a paragraph's later lines are read as its first word`() {
    let broken = LineBreaker(Self.shape("שלום ab\nab שלום"), width: 4)
    #expect(broken.lines.map(\.isRightToLeft) == [true, true, false, false])
  }

  @Test func `digits after right-to-left letters keep their order`() {
    let runs = PlainText("אב-12", limit: 100).runs
    #expect(runs.map(\.isRightToLeft) == [true, false])
    #expect(runs.map(\.scalars) == [0..<3, 3..<5])
  }

  @Test func `no more is read than can be of use`() {
    #expect(PlainText(String(repeating: "a", count: 32000), limit: 70).scalars.count == 70)
  }
}
