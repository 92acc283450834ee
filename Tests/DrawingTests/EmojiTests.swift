import Testing

@testable import Drawing

@Suite(.enabled(if: Font.find() != nil, "emoji are in a font"))
struct EmojiTests {
  static func glyph(_ emoji: String, pixelSize: Int) throws -> Glyph {
    let textRenderer = TextRenderer(font: Font.find())
    let text = textRenderer.shape(emoji, limit: 20)
    return textRenderer.glyph(try #require(text.glyphs[text.clusters[1].glyphs].first), pixelSize: pixelSize, quarter: 0)
  }

  @Test func `Japan's flag is white around a red disc, at every size`() throws {
    for pixelSize in [9, 24, 102, 300] {
      let glyph = try Self.glyph("🇯🇵", pixelSize: pixelSize)
      let colours = try #require(glyph.colours)
      let row = glyph.rows[glyph.height / 2]
      let middle = row.pixels.lowerBound + glyph.width / 2 - row.columns.lowerBound
      let (red, green) = (colours[3 * middle], colours[3 * middle + 1])
      #expect(red > 150 && green < 60)
      #expect(glyph.coverage[middle] > 250)
      #expect((0...8).contains(Float(glyph.width) - 1.24 * Float(pixelSize)))
    }
  }

  @Test func `colours are never more than their coverage, so that nothing shines`() throws {
    let glyph = try Self.glyph("👩‍🚀", pixelSize: 40)
    let colours = try #require(glyph.colours)
    #expect(colours.indices.allSatisfy { colours[$0] <= glyph.coverage[$0 / 3] })
    #expect(glyph.rows.contains { $0.columns.count < glyph.width })
  }

  @Test func `an emoji shows its colours on a picture`() {
    let background = Colour(red: 20, green: 30, blue: 90)
    let pixels = Pixels(.mock(.mock("🍀"), on: background), with: TextRenderer(font: Font.find()))
    #expect(pixels.colours.count { Int($0.green) > Int(max($0.red, $0.blue)) + 40 } > 200)
  }

  @Test(arguments: [("🍀", true), ("A lake 🍀", true), ("A lake", false)])
  func `a prompt with emoji is set no larger than their pictures are`(prompt: String, isBounded: Bool) throws {
    let (block, _, _, _) = try #require(PromptTests.place(prompt, size: "3840x2160", with: TextRenderer(font: Font.find())))
    #expect((block.pixelSize <= 136) == isBounded)
  }

  @Test func `more emoji than can be drawn in time end with an ellipsis`() {
    let many = String(String.UnicodeScalarView((0x1F400...0x1F4FF).compactMap(Unicode.Scalar.init)))
    let text = TextRenderer(font: Font.find()).shape(many, limit: 1000)
    let shown = text.words.reduce(0) { $0 + $1.clusters.count }
    #expect((20...150).contains(shown))
    #expect(text.clusters.last?.glyphs == text.clusters[ShapedText.ellipsis].glyphs)
  }
}
