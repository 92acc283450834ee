import Testing

@testable import Drawing

@Suite struct AnimationTests {
  @Test(arguments: Quality.allCases, [2, 3, 9, 16])
  func `every frame differs from every other, while the prompt stands still`(quality: Quality, count: Int) throws {
    let frames = Self.frames(.mock("A lake", quality: quality), count: count)
    for (index, frame) in frames.enumerated() { #expect(!frames[..<index].contains(frame), "frame \(index) was there before") }
    let light = frames.map { frame in Set(frame.inked) }
    let first = try #require(light.first)
    #expect(first.count > 50)
    #expect(light.allSatisfy { $0 == first })
  }

  @Test func `the last frame leads back to the first`() {
    let pixels = Self.frames(.mock("", quality: .hd), count: 8)
    let steps = (0..<8).map { pixels[$0].differences(from: pixels[($0 + 1) % 8]).count }
    #expect(steps[7] < 2 * steps[..<7].max()!)
  }

  @Test func `a transparent picture moves too`() {
    var canvas = TransparentCanvas()
    var alphas: Set<[UInt8]> = []
    for frame in 0..<4 {
      var placeholder = Placeholder.mock(.mock(quality: .hd, isTransparent: true))
      placeholder.frame = AnimationFrame(frame: frame, of: 4)
      placeholder.draw(on: &canvas, with: TextRenderer(font: nil))
      alphas.insert(canvas.withRows { rows in rows.withUnsafeBufferPointer { Array($0) } })
    }
    #expect(alphas.count == 4)
  }

  @Test func `a tile that moved by its width is itself`() {
    for pattern in Pattern.allCases {
      let tile = pattern.tile(unit: 4)
      #expect(tile.moved(by: tile.width).amounts == tile.amounts)
      #expect(tile.moved(by: 3).moved(by: tile.width - 3 % tile.width).amounts == tile.amounts)
      #expect(tile.moved(by: 1).amounts[1] == tile.amounts[0] && tile.moved(by: 1).amounts[0] == tile.amounts[tile.width - 1])
    }
  }

  private static func frames(_ description: PictureDescription, count: Int) -> [Pixels] {
    (0..<count).map { frame in
      var placeholder = Placeholder.mock(description)
      placeholder.frame = AnimationFrame(frame: frame, of: count)
      return Pixels(placeholder, with: TextRenderer(font: nil))
    }
  }
}

extension Pixels {
  /// The pixels that have exactly one of the two inks.
  fileprivate var inked: [Int] {
    colours.enumerated().filter { $1 == Ink.light.colour || $1 == Ink.dark.colour }.map(\.offset)
  }
}
