import Testing

@testable import Drawing

struct LineBreakerTests {
  static func shape(_ text: String) -> ShapedText { ShapedText(PlainText(text, limit: 1000), in: FontStack(Monospace())) }

  /// The lines from left to right.
  static func lines(_ broken: LineBreaker, of text: ShapedText) -> [String] {
    broken.lines.map { line in
      let letters = line.visualOrder(in: text).flatMap { text.glyphs[text.clusters[$0].glyphs] }
      return String(String.UnicodeScalarView(letters.compactMap { Unicode.Scalar($0.glyph) }))
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

  /// Truncation used to loop for ever at a joiner between blanks.
  @Test func `a word without anything to see does not count`() {
    let joiners = String(repeating: "\u{200D} ", count: 50)
    let text = ShapedText(PlainText("aaa \(joiners) bbb ccc \(joiners)", limit: 1000), in: FontStack(BuiltInAlphabet(), folders: []))
    #expect(text.words.count == 3)
    var broken = LineBreaker(text, width: 1)
    broken.truncate(to: 2)
    #expect(broken.lines.count == 2)
  }

  @Test func `only an ellipsis is left if there is no room for more`() {
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
    let fitting = TextFitting(text: text, width: 190, height: 100, sizes: 10...10)
    let block = try #require(fitting.block())
    #expect(block.lineCount == 2)
    #expect(block.width == 110)
  }

  @Test func `words are not broken while a smaller size keeps them whole`() throws {
    let text = Self.shape("aaaaaaaa bb")
    let fitting = TextFitting(text: text, width: 100, height: 1000, sizes: 6...16)
    #expect(try #require(fitting.block()).pixelSize == 12)
  }

  @Test func `no more is read than can be of use`() {
    #expect(PlainText(String(repeating: "a", count: 32000), limit: 70).scalars.count == 70)
  }
}
