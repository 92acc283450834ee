import Testing

@testable import Drawing

struct PromptTests {
  static let prompts = [
    "A", "WWWW", String(repeating: "W", count: 300), "gjpqy gjpqy", "ÅÉÎ Ångström", "A serene lake at sunset",
    String(repeating: "abcdefghij", count: 30), String(repeating: "The quick brown fox jumps over the lazy dog. ", count: 712),
    "one\ntwo\nthree", String(repeating: "line\n", count: 100), "Z" + String(repeating: "\u{0301}", count: 200), "שלום עולם 123", "日本語",
  ]

  static let sizes = [
    "256x256", "512x512", "1024x1024", "1792x1024", "1024x1792", "1536x1024", "1024x1536", "96x32", "32x96", "64x64", "3840x1280",
  ]

  @Test(arguments: ["256x256", "96x32", "32x96", "64x64", "320x160"])
  func `no pixel of text lies in the outermost margin`(size: String) throws {
    for (name, textRenderer) in TextRenderer.all() {
      for prompt in Self.prompts {
        let pixels = Pixels(.mock(.mock(prompt, size: size), on: Self.background), with: textRenderer)
        let text = pixels.changedBox(from: .plain(pixels.size, Self.background))
        let edges = try #require(text, "\(name): \(prompt.prefix(20)) drew nothing")
        let margin = Box(left: 1, top: 1, right: pixels.size.width - 1, bottom: pixels.size.height - 1)
        #expect(edges.intersection(margin) == edges, "\(name): \(prompt.prefix(20))")
      }
    }
  }

  @Test(arguments: sizes)
  func `no glyph reaches the clipped area`(size: String) throws {
    for (name, textRenderer) in TextRenderer.all() {
      for prompt in Self.prompts where !prompt.contains("\u{0301}") {
        let (block, place, layout, _) = try #require(Self.place(prompt, size: size, with: textRenderer))
        let boxes = Self.glyphBoxes(of: block, at: place, with: textRenderer)
        #expect(!boxes.isEmpty)
        #expect(boxes.allSatisfy { $0.intersection(layout.safe) == $0 }, "\(name): \(prompt.prefix(20))")
      }
    }
  }

  @Test func `piled up accents are clipped, not drawn over the edge`() throws {
    let prompt = "Z" + String(repeating: "\u{0301}", count: 200)
    let pixels = Pixels(.mock(.mock(prompt, size: "40x20"), on: Self.background), with: TextRenderer(font: Font.find()))
    let edges = try #require(pixels.changedBox(from: .plain(pixels.size, Self.background)))
    #expect(edges.intersection(Layout(pixels.size).safe) == edges)
  }

  @Test(arguments: ["256x256", "1024x1024", "1792x1024", "1024x1792", "1536x1024", "1024x1536"])
  func `the prompt leaves the watermark alone`(size: String) {
    for (_, textRenderer) in TextRenderer.all() {
      for prompt in Self.prompts {
        guard let (block, place, layout, _) = Self.place(prompt, size: size, with: textRenderer) else { continue }
        let lowest = place.baseline + (block.lineCount - 1) * block.lineHeight + Int(block.text.descent * Float(block.pixelSize))
        #expect(lowest <= layout.watermark.rows.lowerBound)
      }
    }
  }

  @Test func `a short prompt is large, a long one smaller, and both are centred`() throws {
    let textRenderer = TextRenderer(font: nil)
    let short = try #require(Self.place("Lake", size: "1024x1024", with: textRenderer))
    let long = try #require(Self.place(String(repeating: "many words ", count: 80), size: "1024x1024", with: textRenderer))
    #expect(short.block.pixelSize > 2 * long.block.pixelSize)
    for (block, place, _, size) in [short, long] {
      #expect(abs(place.left + block.width / 2 - Float(size.width) / 2) < 1)
      #expect(abs((place.ink.rows.lowerBound + place.ink.rows.upperBound) / 2 - size.height / 2) < block.pixelSize / 2)
    }
  }

  /// It used to be set at 76 pixels per em.
  @Test func `a title of one line fills the picture`() throws {
    let title = try #require(Self.place("A cat", size: "1024x1024", with: TextRenderer(font: Font.find())))
    #expect(title.block.pixelSize >= 152)
    for size in ["2000x300", "1792x1024", "300x2000", "256x256"] {
      let (block, _, _, size) = try #require(Self.place("A cat", size: size, with: TextRenderer(font: Font.find())))
      #expect(block.pixelSize * 7 > min(size.width, size.height), "\(size)")
    }
  }

  @Test func `the more lines, the smaller they are, and the more room is left around them`() throws {
    let prompts = ["A cat", "A cat on a very high roof", "A cat on a very high roof looks at the moon over a town that sleeps, and waits"]
    let blocks = try prompts.map { try #require(Self.place($0, size: "1024x1024", with: TextRenderer(font: Font.find()))).block }
    let sizes = blocks.map(\.pixelSize)
    #expect(sizes == sizes.sorted(by: >) && Set(sizes).count == 3)
    #expect(blocks.allSatisfy { $0.lineCount * $0.lineHeight < 700 })
  }

  @Test(.enabled(if: Font.find() != nil))
  func `lines of Latin are 1.15 ems apart`() throws {
    let block = try #require(Self.place("one\ntwo", size: "1024x1024", with: TextRenderer(font: Font.find()))).block
    #expect((1.12...1.2).contains(Float(block.lineHeight) / Float(block.pixelSize)))
  }

  @Test(arguments: ["", " ", "\n\n", "\0", "\u{0301}", "\u{200B}"])
  func `a prompt without anything to see draws nothing`(prompt: String) {
    #expect(Self.place(prompt, size: "256x256", with: TextRenderer(font: nil)) == nil)
  }

  @Test(arguments: ["i", "i ", "W", "湖", "湖 i", "Wort\n", "\u{5D0}", "e\u{301}"], ["256x256", "1024x1024", "1792x1024"])
  func `a long prompt fills its box as if all of it were shaped`(part: String, size: String) throws {
    let layout = Layout(PictureDescription.mock(size: size).size)
    let textRenderer = TextRenderer(font: Font.find())
    let prompt = String(repeating: part, count: 32_000 / part.unicodeScalars.count)
    let blocks = [textRenderer.shape(prompt, for: layout.promptArea), textRenderer.shape(prompt, limit: 32_000)].map { text in
      TextFitting(text: text, width: layout.prompt.width, height: layout.prompt.height, sizes: layout.promptSizes).block()
    }
    let (some, all) = (try #require(blocks[0]), try #require(blocks[1]))
    #expect(some.pixelSize == all.pixelSize)
    #expect(some.clusters.map(\.x) == all.clusters.map(\.x))
    #expect(some.clusters.map(\.baseline) == all.clusters.map(\.baseline))
  }

  @Test(arguments: [("1024x1024", 400), ("3840x2160", 261)])
  func `a prompt may have fewer glyphs on pictures where each takes longer to draw`(size: String, limit: Int) {
    let layout = Layout(PictureDescription.mock(size: size).size)
    let ideographs = String(String.UnicodeScalarView((0x4E00..<0x4E00 + 600).compactMap(Unicode.Scalar.init)))
    let text = TextRenderer(font: Font.find()).shape(ideographs, for: layout.promptArea)
    // The ellipsis counts twice: once as the model, and once at the end of the text.
    #expect(text.clusters.count == limit + 2)
  }

  static func place(
    _ prompt: String, size: String, with textRenderer: TextRenderer
  ) -> (block: TextBlock, place: TextPlace, layout: Layout, size: PictureSize)? {
    let size = PictureDescription.mock(size: size).size
    let layout = Layout(size)
    let fitting = TextFitting(
      text: textRenderer.shape(prompt, for: layout.promptArea), width: layout.prompt.width, height: layout.prompt.height,
      sizes: layout.promptSizes)
    return fitting.block().map { ($0, TextPlace(centring: $0, in: layout.prompt, middle: layout.promptMiddle), layout, size) }
  }

  static func glyphBoxes(of block: TextBlock, at place: TextPlace, with textRenderer: TextRenderer) -> [Box] {
    block.clusters.flatMap { glyphBoxes(of: $0, in: block, at: place, with: textRenderer) }
  }

  static func glyphBoxes(
    of cluster: TextBlock.PlacedCluster, in block: TextBlock, at place: TextPlace, with textRenderer: TextRenderer
  ) -> [Box] {
    block.text.glyphs[cluster.glyphs].map { placed in
      let glyph = textRenderer.glyph(placed, pixelSize: block.pixelSize, quarter: 0)
      let left = Int((place.left + cluster.x + placed.x * Float(block.pixelSize)).rounded()) + glyph.left
      let top = place.baseline + cluster.baseline - Int((placed.y * Float(block.pixelSize)).rounded()) - glyph.top
      return Box(left: left, top: top, right: left + glyph.width, bottom: top + glyph.height)
    }
  }

  private static let background = Colour(red: 52, green: 199, blue: 89)
}
