import Testing

@testable import Drawing

struct FontTests {
  @Test func `a missing file is refused with its name`() {
    #expect(throws: FontError.unreadable(path: "/no/such/font.ttf")) { try Font(path: "/no/such/font.ttf") }
    #expect("\(FontError.unreadable(path: "/no/such/font.ttf"))".contains("/no/such/font.ttf"))
  }

  @Test func `a file that is no font is refused`() {
    #expect(throws: FontError.self) { try Font(path: "/etc/passwd") }
  }

  @Test func `the first font that can be opened is found`() throws {
    #expect(Font.find(in: []) == nil)
    #expect(Font.find(in: ["/no/such/font.ttf", "/etc/passwd"]) == nil)
    let place = try #require(Font.usualPlaces.first { (try? Font(path: $0)) != nil }, "fonts-open-sans is needed to test fonts")
    #expect(Font.find(in: ["/no/such/font.ttf", "/etc/passwd", place]) != nil)
  }

  @Test func `a font's measures are those of letters`() throws {
    let font = try #require(Font.find())
    #expect((0.6...0.8).contains(font.capHeight))
    #expect((0.8...1.2).contains(font.ascent))
    #expect((0.1...0.4).contains(font.descent))
    #expect((0.2...0.4).contains(font.blank))
  }

  @Test func `an accent joins its letter`() throws {
    let font = try #require(Font.find())
    let textRenderer = TextRenderer(font: font)
    #expect(textRenderer.shape("e\u{0301}", limit: 10).words[0].clusters.count == 1)
  }

  @Test func `letters are drawn with soft edges`() throws {
    let glyph = try Self.glyph("O", pixelSize: 48)
    #expect(glyph.coverage.contains(255))
    #expect((31...32).contains(Set(glyph.coverage).count))
    #expect(glyph.coverage.count == 3 * glyph.rows.reduce(0) { $0 + $1.columns.count })
  }

  @Test(arguments: [(56, 8), (112, 5)])
  func `the larger a letter, the fewer shades its edges need`(pixelSize: Int, shades: Int) throws {
    let coverage = Set(try Self.glyph("O", pixelSize: pixelSize).coverage)
    #expect(coverage.count <= shades && coverage.count >= shades - 1 && coverage.contains(255))
  }

  @Test func `a glyph that does not exist is empty, not a crash`() throws {
    let font = try #require(Font.find())
    #expect(font.rasterise(.max, pixelSize: 20, shift: 0).width == 0)
    #expect(font.rasterise(3, pixelSize: 0, shift: 0).coverage.count < 100)
  }

  @Test func `the cache draws a glyph once, and again when it had to make room`() {
    var (cache, drawn) = (GlyphCache(byteLimit: 2000), 0)
    let coverage = [UInt8](repeating: 1, count: 100)
    func ask(_ glyph: UInt32) {
      _ = cache.glyph(for: GlyphCache.Key(face: 0, glyph: glyph, pixelSize: 9, quarter: 0)) {
        drawn += 1
        return Glyph(left: 0, top: 0, width: 10, coverage: coverage.span)
      }
    }
    for _ in 0..<3 { ask(1) }
    #expect(drawn == 1)
    for glyph in 2..<20 as Range<UInt32> { ask(glyph) }
    ask(1)
    #expect(drawn == 20)
  }

  private static func glyph(_ letter: String, pixelSize: Int) throws -> Glyph {
    let font = try #require(Font.find())
    let textRenderer = TextRenderer(font: font)
    let text = textRenderer.shape(letter, limit: 1)
    let placed = text.glyphs[text.clusters[text.words[0].clusters.lowerBound].glyphs.lowerBound]
    return textRenderer.glyph(placed, pixelSize: pixelSize, quarter: 0)
  }
}
