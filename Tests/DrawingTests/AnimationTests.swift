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

  @Test(arguments: [Motion.rise, .pulse], [2, 3, 9, 16])
  func `frames of other motions differ from each other and from the usual ones`(motion: Motion, count: Int) throws {
    for quality in Quality.allCases {
      let frames = Self.frames(.mock("A lake", quality: quality), count: count, motion)
      for (index, frame) in frames.enumerated() { #expect(!frames[..<index].contains(frame), "frame \(index) was there before") }
      let light = frames.map { frame in Set(frame.inked) }
      #expect(light.allSatisfy { $0.count > 50 && $0 == light[0] })
      #expect(frames[1] != Self.frames(.mock("A lake", quality: quality), count: count)[1])
    }
  }

  @Test(arguments: Pattern.allCases)
  func `a pattern rises by a tile, and keeps its columns`(pattern: Pattern) {
    let tile = pattern.tile(unit: 8)
    var placeholder = Placeholder.mock(.mock(quality: .hd))
    for index in 0..<4 {
      placeholder.frame = AnimationFrame(frame: index, of: 4, .rise)
      let moved = placeholder.moved(tile)
      for column in 0..<tile.width where tile.height > 1 {
        let (before, after) = (tile.column(column), moved.column(column))
        #expect(after == Array(before[(tile.height * index / 4)...] + before[..<(tile.height * index / 4)]))
      }
      // Stripes are the same in all rows.
      #expect(tile.height > 1 || moved.amounts == tile.moved(by: tile.width * index / 4).amounts)
    }
  }

  @Test func `a foot rises to the top and falls again`() {
    let heights = (0..<8).map { frame in
      var placeholder = Placeholder.mock(.mock(""))
      placeholder.frame = AnimationFrame(frame: frame, of: 8, .rise)
      let pixels = Pixels(placeholder, with: TextRenderer(font: nil))
      return (0..<pixels.size.height).count { pixels[0, $0] == pixels[0, pixels.size.height - 1] }
    }
    #expect(heights[0] < heights[1] && heights[1] < heights[2] && heights[3] > 200 && heights[3] > heights[6] && heights[6] > heights[7])
  }

  @Test func `a pulse fades the pattern, and comes back`() {
    let tile = Pattern.dots.tile(unit: 8)
    let strengths = (0..<4).map { frame in
      var placeholder = Placeholder.mock(.mock(quality: .hd))
      placeholder.frame = AnimationFrame(frame: frame, of: 4, .pulse)
      return placeholder.moved(tile).densest.share / tile.densest.share
    }
    #expect(strengths[0] > 0.85 && strengths[2] < 0.45 && strengths[1] > strengths[2] && strengths[3] > strengths[2])
  }

  @Test func `the last frame leads back to the first`() {
    let pixels = Self.frames(.mock("", quality: .hd), count: 8)
    let steps = (0..<8).map { pixels[$0].differences(from: pixels[($0 + 1) % 8]).count }
    #expect(steps[7] < 2 * steps[..<7].max()!)
  }

  @Test(arguments: Motion.allCases)
  func `a transparent picture moves too`(motion: Motion) {
    var canvas = TransparentCanvas()
    var alphas: Set<[UInt8]> = []
    for frame in 0..<4 {
      var placeholder = Placeholder.mock(.mock(quality: .hd, isTransparent: true))
      placeholder.frame = AnimationFrame(frame: frame, of: 4, motion)
      placeholder.draw(on: &canvas, with: TextRenderer(font: nil))
      alphas.insert(canvas.withRows { rows in rows.withUnsafeBufferPointer { Array($0) } })
    }
    #expect(alphas.count == 4)
  }

  @Test func `a tile that moved by its width is itself`() {
    for pattern in Pattern.allCases {
      let tile = pattern.tile(unit: 4)
      #expect(tile.moved(by: tile.width).amounts == tile.amounts && tile.raised(by: tile.height).amounts == tile.amounts)
      #expect(tile.moved(by: 3).moved(by: tile.width - 3 % tile.width).amounts == tile.amounts)
      #expect(tile.moved(by: 1).amounts[1] == tile.amounts[0] && tile.moved(by: 1).amounts[0] == tile.amounts[tile.width - 1])
    }
  }

  private static func frames(_ description: PictureDescription, count: Int, _ motion: Motion = .drift) -> [Pixels] {
    (0..<count).map { frame in
      var placeholder = Placeholder.mock(description)
      placeholder.frame = AnimationFrame(frame: frame, of: count, motion)
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

extension Tile {
  fileprivate func column(_ x: Int) -> [UInt8] { (0..<height).map { amounts[$0 * width + x] } }
}
