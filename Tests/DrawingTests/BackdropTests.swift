import Testing

@testable import Drawing

/// Tests for what lies behind uploads, and for the text beside them.
struct BackdropTests {
  private static let white = Upload(width: 3, height: 2, pixels: [UInt8](repeating: 255, count: 24))

  /// A backdrop is 24 pixels wide before it is stretched.
  @Test func `a chequerboard becomes grey`() throws {
    let pixels = (0..<16).flatMap { y in (0..<24).flatMap { x in [UInt8](repeating: (x + y) % 2 == 0 ? 255 : 0, count: 3) + [255] } }
    var canvas = Canvas(size: try #require(PictureSize("240x160")))
    Backdrop(of: Upload(width: 24, height: 16, pixels: pixels), on: canvas.size).draw(on: &canvas)
    // At the edges, pixels have neighbours on one side only.
    let drawn = Pixels(canvas)
    let inner = (40..<120).flatMap { y in (40..<200).map { x in drawn[x, y] } }
    #expect(inner.allSatisfy { $0.distance(to: inner[0]) <= 2 } && inner[0].red > 30)
  }

  @Test(arguments: [
    Box(left: 5, top: 3, right: 30, bottom: 20), Box(left: 0, top: 0, right: 48, bottom: 9), Box(left: 9, top: 0, right: 48, bottom: 32),
  ])
  func `an upload is laid around a hole, to its very edges`(hole: Box) throws {
    var canvas = Canvas(size: try #require(PictureSize("48x32")))
    let black = Colour(red: 0, green: 0, blue: 0)
    canvas.paint(.solid(black))
    canvas.lay(Self.white, in: Box(left: 0, top: 0, right: 48, bottom: 32), around: hole) { pixel, _ in pixel }
    let pixels = Pixels(canvas)
    for y in 0..<32 {
      for x in 0..<48 { #expect((pixels[x, y] == black) == (hole.columns.contains(x) && hole.rows.contains(y)), "\(x), \(y)") }
    }
  }

  @Test func `the backdrop of an edit has the upload's colours, and that of a variation those of the variation`() throws {
    let size = try #require(PictureSize("256x256"))
    let place = Layout.besideUploads(size, hasPrompt: false).uploads
    var canvas = Canvas(size: size)
    let placeholder = Placeholder(.mock("", model: ""), timestamp: "")
    EditedPicture(placeholder, uploads: [Self.white]).draw(on: &canvas, with: TextRenderer(font: nil))
    let edited = Pixels(canvas)[size.width / 2, place.rows.lowerBound / 2]
    VariedPicture(placeholder, of: Self.white).draw(on: &canvas, with: TextRenderer(font: nil))
    let varied = Pixels(canvas)[size.width / 2, place.rows.lowerBound / 2]
    #expect(OKLCH(edited).chroma < 0.01 && OKLCH(varied).chroma > 0.02)
  }

  @Test(arguments: ["1024x1024", "1536x1024", "1024x1536"])
  func `the prompt of an edit is light, in the middle of its area`(size: String) throws {
    let description = PictureDescription.mock("HOME", model: "", size: size)
    let (layout, _) = Layout.besideUploads(description.size, hasPrompt: true)
    var canvas = Canvas(size: description.size)
    EditedPicture(Placeholder(description, timestamp: ""), uploads: [Self.white]).draw(on: &canvas, with: TextRenderer(font: Font.find()))
    let pixels = Pixels(canvas)
    let rows = layout.prompt.rows.filter { y in layout.prompt.columns.contains { pixels[$0, y] == Ink.light.colour } }
    let (top, bottom) = (try #require(rows.first), try #require(rows.last))
    #expect(abs(top + bottom - layout.prompt.rows.lowerBound - layout.prompt.rows.upperBound) <= 4)
  }

  @Test(arguments: WatermarkTests.sizes, [true, false])
  func `uploads leave the watermark free`(size: String, hasPrompt: Bool) throws {
    let (layout, area) = Layout.besideUploads(try #require(PictureSize(size)), hasPrompt: hasPrompt)
    #expect(!area.overlaps(layout.watermark) && area.intersection(layout.safe) == area)
  }
}
