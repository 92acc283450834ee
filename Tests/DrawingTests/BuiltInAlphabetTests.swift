import Testing

@testable import Drawing

struct BuiltInAlphabetTests {
  static let printable = (0x21...0x7E).compactMap { Unicode.Scalar($0) }

  static func glyph(_ scalar: Unicode.Scalar) -> Glyph {
    let textRenderer = TextRenderer(FontStack(font: nil, folders: []))
    let text = textRenderer.shape(String(scalar), limit: 1)
    return textRenderer.glyph(text.glyphs[text.clusters[1].glyphs.lowerBound], pixelSize: 40, quarter: 0)
  }

  @Test func `every printable ASCII character has a glyph of its own`() {
    let glyphs = Self.printable.map(Self.glyph)
    #expect(glyphs.allSatisfy { $0.coverage.contains(255) })
    #expect(Set(glyphs.map(\.coverage)).count == Self.printable.count)
  }

  @Test(arguments: [("å", "a"), ("É", "E"), ("ñ", "n"), ("ÿ", "y"), ("Ł", "L"), ("ś", "s"), ("Ž", "Z"), ("ž", "z"), ("’", "'"), ("–", "-")])
  func `a folded letter is its plain one`(letter: Unicode.Scalar, plain: Unicode.Scalar) {
    #expect(Self.glyph(letter).coverage == Self.glyph(plain).coverage)
  }

  @Test func `a character that the alphabet lacks is a visible box`() {
    #expect(Self.glyph("語").coverage == Self.glyph("😀").coverage)
    #expect(Self.glyph("語").coverage.contains(255))
  }

  @Test func `letters stay within their measures`() {
    let alphabet = BuiltInAlphabet()
    for scalar in Self.printable {
      let glyph = Self.glyph(scalar)
      let inked = (0..<glyph.height).filter { row in !glyph.rows[row].columns.isEmpty }
      #expect(Float(glyph.top - (inked.first ?? 0)) <= alphabet.ascent * 40 + 1)
      #expect(Float((inked.last ?? 0) + 1 - glyph.top) <= alphabet.descent * 40 + 1)
    }
  }
}
