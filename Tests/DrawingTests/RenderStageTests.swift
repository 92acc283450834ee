import Testing

@testable import Drawing

struct CompletenessTests {
  private static func pixels(_ description: PictureDescription, _ stage: RenderStage) -> Pixels {
    var description = description
    description.stage = stage
    return Pixels(.mock(description), with: TextRenderer(font: nil))
  }

  @Test(arguments: ["256x256", "1536x1024", "300x200", "1x1", "7x5"], Quality.allCases)
  func `an unfinished picture is made of squares, each with the mean colour of the finished one`(size: String, quality: Quality) {
    let description = PictureDescription.mock(size: size, quality: quality)
    let finished = Self.pixels(description, .finished)
    let coarse = Self.pixels(description, .coarse(squares: 4))
    let (width, height) = (finished.size.width, finished.size.height)
    let side = max(1, max(width, height) / 4)
    for (x, y) in [(0, 0), (width - 1, 0), (0, height - 1), (width - 1, height - 1), (width / 2, height / 2)] {
      let columns = x / side * side..<min((x / side + 1) * side, width)
      let rows = y / side * side..<min((y / side + 1) * side, height)
      let reds = rows.flatMap { y in columns.map { Int(finished[$0, y].red) } }
      #expect(Int(coarse[x, y].red) == (reds.reduce(0, +) + reds.count / 2) / reds.count)
      #expect(coarse[columns.lowerBound, rows.lowerBound] == coarse[columns.upperBound - 1, rows.upperBound - 1])
    }
    #expect((0..<height).allSatisfy { coarse.rows[$0 * coarse.stride] == 0 })
  }

  @Test func `unfinished pictures come nearer and nearer to the finished one`() {
    let description = PictureDescription.mock(quality: .hd)
    let finished = Self.pixels(description, .finished)
    let distances = (0..<3).map { index in
      zip(Self.pixels(description, .partial(index, of: 3)).rows, finished.rows).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    }
    #expect(distances == distances.sorted(by: >) && Set(distances).count == 3 && distances[2] > 0)
  }
}
