import Testing

@testable import Drawing

@Suite(.enabled(if: Font.find() != nil, "text is set in fonts"))
struct ScriptTests {
  @Test(arguments: ScriptSample.allCases)
  func `every script is written as it should be`(sample: ScriptSample) throws {
    let textRenderer = TextRenderer(font: Font.find())
    let size = sample == .mixed ? "1024x1024" : "256x256"
    try expectGolden("script-\(sample)", .mock(.mock(sample.prompt, size: size)), with: textRenderer)
  }
}

extension ScriptTests {
  @Test(arguments: ScriptSample.allCases, ["256x256", "512x512", "1792x1024"])
  func `no glyph of a tall script is clipped`(sample: ScriptSample, size: String) throws {
    let textRenderer = TextRenderer(font: Font.find())
    let (block, place, layout, _) = try #require(PromptTests.place(sample.prompt, size: size, with: textRenderer))
    let boxes = PromptTests.glyphBoxes(of: block, at: place, with: textRenderer)
    #expect(boxes.allSatisfy { $0.intersection(layout.safe) == $0 })
  }

  @Test(arguments: ScriptSample.allCases)
  func `lines keep their distance, whichever fonts are on them`(sample: ScriptSample) throws {
    let textRenderer = TextRenderer(font: Font.find())
    let (block, place, _, _) = try #require(PromptTests.place(sample.prompt, size: "512x512", with: textRenderer))
    let boxes = zip(block.clusters, block.clusters.map { PromptTests.glyphBoxes(of: $0, in: block, at: place, with: textRenderer) })
    let lines = Dictionary(grouping: boxes, by: \.0.baseline).sorted { $0.key < $1.key }.map {
      $0.value.flatMap(\.1).filter { $0.height > 0 }
    }
    for (upper, lower) in zip(lines, lines.dropFirst()) {
      let bottom = upper.map(\.rows.upperBound).max() ?? 0
      #expect(lower.allSatisfy { $0.rows.lowerBound >= bottom - 1 })
    }
  }

  @Test(arguments: ScriptSample.allCases)
  func `no letter is a box`(sample: ScriptSample) {
    let text = TextRenderer(font: Font.find()).shape(sample.prompt, limit: 1000)
    #expect(!text.glyphs.isEmpty)
    #expect(text.glyphs.allSatisfy { $0.glyph != 0 })
  }
}
