import Drawing
import Testing

@testable import ImageGeneration

struct DeskTests {
  /// Draws all images of a request.
  static func draw(
    _ count: Int, _ size: String, isTransparent: Bool = false, as encoding: Encoding = .png, on desk: inout RenderContext
  ) throws {
    for index in 0..<count {
      let description = PictureDescription(
        prompt: "A lake", model: "m", size: PictureSize(size)!, index: index, isTransparent: isTransparent)
      _ = try desk.create(Placeholder(description, timestamp: "2026-01-02 03:04:05"), as: encoding)
    }
  }

  @Test(arguments: ["256x256", "1024x1024", "1792x1024", "2048x2048", "3840x2160"], [ImageFormat.png, .jpeg])
  func `the images of a request share one canvas`(size: String, format: ImageFormat) throws {
    var desk = RenderContext(textRenderer: TextRenderer(font: nil))
    try Self.draw(1, size, as: Encoding(format), on: &desk)
    let allocations = desk.allocationCount
    try Self.draw(9, size, as: Encoding(format), on: &desk)
    #expect(desk.allocationCount == allocations)
  }

  @Test(arguments: ["1792x1024", "3840x2160"])
  func `a large PNG needs no more memory than a usual one`(size: String) throws {
    var desk = RenderContext(textRenderer: TextRenderer(font: nil))
    try Self.draw(1, "1024x1024", on: &desk)
    let (usual, allocations) = (desk.byteCount, desk.allocationCount)
    try Self.draw(2, size, on: &desk)
    #expect(desk.byteCount == usual)
    #expect(desk.allocationCount == allocations)
  }

  @Test(arguments: [false, true])
  func `what a large picture was drawn on is given back with the next usual one, which needs nothing new`(isTransparent: Bool) throws {
    var desk = RenderContext(textRenderer: TextRenderer(font: nil))
    try Self.draw(1, "1024x1024", on: &desk)
    let usual = desk.byteCount
    try Self.draw(1, "3840x2160", isTransparent: isTransparent, as: isTransparent ? .png : Encoding(.jpeg), on: &desk)
    #expect(desk.byteCount > usual + 20_000_000)
    let allocations = desk.allocationCount
    try Self.draw(1, "1024x1024", on: &desk)
    #expect(desk.byteCount < usual + 1000)
    // That of a single pixel which takes the large one's place.
    #expect(desk.allocationCount <= allocations + 1)
  }
}
