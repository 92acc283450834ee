import Testing

@testable import Drawing

struct PlaceholderTests {
  @Test(arguments: Quality.allCases, Style.allCases)
  func `equal descriptions draw equal pictures`(quality: Quality, style: Style) {
    let placeholder = Placeholder.mock(.mock(quality: quality, style: style))
    let first = Pixels(placeholder, with: TextRenderer(font: Font.find()))
    let second = Pixels(.mock(.mock(quality: quality, style: style)), with: TextRenderer(font: Font.find()))
    #expect(first == second)
  }

  @Test func `a used canvas and a used textRenderer leave no trace`() {
    let textRenderer = TextRenderer(font: Font.find())
    let fresh = Pixels(.mock(.mock(quality: .hd)), with: TextRenderer(font: Font.find()))
    var canvas = Canvas(size: PictureDescription.mock().size)
    for size in ["512x512", "31x77", "300x200", "256x256"] {
      Placeholder.mock(.mock("Something else at \(size)", size: size, quality: .hd)).draw(on: &canvas, with: textRenderer)
    }
    Placeholder.mock(.mock(quality: .hd)).draw(on: &canvas, with: textRenderer)
    #expect(Pixels(canvas) == fresh)
  }

  @Test func `the ten images of a request all differ`() {
    let textRenderer = TextRenderer(font: nil)
    for quality in Quality.allCases {
      let pictures = (0..<10).map { Pixels(.mock(.mock(size: "64x64", quality: quality, index: $0)), with: textRenderer).rows }
      #expect(Set(pictures).count == 10)
    }
  }

  @Test(arguments: ["256x256", "1024x1024", "1792x1024"], Style.allCases)
  func `standard has two tints of a colour of the palette, and the watermark stands in the foot`(size: String, style: Style) {
    let description = PictureDescription.mock("", size: size, style: style)
    let pixels = Pixels(.mock(description), with: TextRenderer(font: nil))
    let foot = pixels.size.height - Layout(pixels.size).footHeight
    let (colour, last) = (pixels[0, 0], pixels[0, pixels.size.height - 1])
    let palette = OKLCH(PictureRecipe(description).colour)
    #expect(Set(pixels.colours.prefix(pixels.size.width * foot)) == [colour])
    #expect((foot..<pixels.size.height).allSatisfy { pixels[3, $0] == last } && last != colour)
    for tint in [colour, last] {
      #expect(OKLCH(tint).lightness > palette.lightness && OKLCH(tint).chroma < palette.chroma)
      #expect(abs(OKLCH(tint).turn(to: palette)) < 0.2)
    }
  }

  @Test func `standard has no pattern, hd has one over a gradient`() {
    let (standard, hd) = (Placeholder.mock(.mock()), Placeholder.mock(.mock(quality: .hd)))
    #expect(standard.pattern == nil)
    #expect(hd.pattern != nil)
    guard case .card = standard.background, case .gradient(let gradient) = hd.background else {
      Issue.record("standard is plain and hd a gradient")
      return
    }
    #expect(gradient.first != gradient.second)
  }

  @Test func `only the watermark shows the time`() {
    let textRenderer = TextRenderer(font: nil)
    let early = Pixels(Placeholder(.mock(), timestamp: "2026-08-01 12:34:56"), with: textRenderer)
    let late = Pixels(Placeholder(.mock(), timestamp: "2031-09-27 00:00:00"), with: textRenderer)
    let watermark = Layout(early.size).watermark
    let changed = late.differences(from: early)
    #expect(!changed.isEmpty)
    #expect(changed.allSatisfy { watermark.columns.contains($0.x) && watermark.rows.contains($0.y) })
  }

  @Test(arguments: ["1x1", "1x2", "2x1", "3x3", "7x5", "8x200", "200x8", "96x32", "32x96", "3840x16", "16x3840", "33x257"])
  func `every size is drawn to its edges, filter bytes left alone`(size: String) {
    for (name, textRenderer) in TextRenderer.all() {
      for quality in Quality.allCases {
        let pixels = Pixels(.mock(.mock(size: size, quality: quality)), with: textRenderer)
        #expect(pixels.size.description == size)
        #expect((0..<pixels.size.height).allSatisfy { pixels.rows[$0 * pixels.stride] == 0 }, "\(name)")
        #expect(pixels[pixels.size.width - 1, pixels.size.height - 1] != Colour(red: 0, green: 0, blue: 0))
      }
    }
  }
}
