import Testing

@testable import Drawing

struct WatermarkTests {
  static let sizes = ["256x256", "512x512", "1024x1024", "1792x1024", "1024x1792", "1536x1024", "1024x1536", "3840x1280"]

  static let background = Colour(red: 52, green: 199, blue: 89)

  /// - Returns: the area that the watermark covers, and the picture.
  static func draw(model: String, size: String = "256x256", with textRenderer: TextRenderer) throws -> (ink: Box, pixels: Pixels) {
    let pixels = Pixels(.mock(.mock("", model: model, size: size), on: background), with: textRenderer)
    return (try #require(pixels.changedBox(from: .plain(pixels.size, background))), pixels)
  }

  @Test(arguments: sizes, ["dall-e-3", String(repeating: "a-very-long-model-name-", count: 20), ""])
  func `the watermark stands whole in the lower right corner`(size: String, model: String) throws {
    for (_, textRenderer) in TextRenderer.all() {
      let (ink, pixels) = try Self.draw(model: model, size: size, with: textRenderer)
      let layout = Layout(pixels.size)
      #expect(ink.intersection(layout.watermark) == ink)
      #expect(ink.columns.upperBound > pixels.size.width - layout.watermarkSize * 4)
    }
  }

  /// It used to end 46 pixels from the right and 25 from the bottom.
  @Test(arguments: sizes, ["dall-e-3", "gpt-image-1", "日本"])
  func `the watermark is as far from the right as from the bottom`(size: String, model: String) throws {
    for (_, textRenderer) in TextRenderer.all() {
      let (ink, pixels) = try Self.draw(model: model, size: size, with: textRenderer)
      let (right, bottom) = (pixels.size.width - ink.columns.upperBound, pixels.size.height - ink.rows.upperBound)
      #expect(abs(right - bottom) <= max(2, min(pixels.size.width, pixels.size.height) / 250), "\(right) and \(bottom)")
      #expect(right * 40 >= min(pixels.size.width, pixels.size.height))
    }
  }

  @Test(arguments: [String(repeating: "model", count: 50), "two words that are too many for any line of this picture's small width"])
  func `a long model name is ended, the time is not`(model: String) throws {
    let textRenderer = TextRenderer(font: nil)
    let (shortInk, short) = try Self.draw(model: "m", with: textRenderer)
    let (longInk, long) = try Self.draw(model: model, with: textRenderer)
    #expect(longInk.columns.lowerBound < shortInk.columns.lowerBound - 20)
    let start = shortInk.columns.lowerBound + Layout(short.size).watermarkSize
    #expect(long.differences(from: short).allSatisfy { $0.x < start })
  }

  @Test func `another model is another watermark`() throws {
    let textRenderer = TextRenderer(font: nil)
    #expect(try Self.draw(model: "one", with: textRenderer).pixels != Self.draw(model: "other", with: textRenderer).pixels)
  }

  @Test(arguments: sizes)
  func `there is room for prompt and watermark without overlap`(size: String) {
    let layout = Layout(PictureDescription.mock(size: size).size)
    #expect(!layout.watermark.overlaps(layout.prompt))
    #expect(layout.watermark.height > 0)
    #expect(layout.prompt.height > layout.promptSizes.lowerBound)
  }
}
