import Testing

@testable import Drawing

struct ContactSheetTests {
  @Test func `the sheet shows a pattern on a gradient in each of its cells`() {
    var canvas = Canvas(size: ContactSheet().size)
    ContactSheet().draw(on: &canvas, with: TextRenderer(font: Font.find()))
    let pixels = Pixels(canvas)
    let plain = Pixels.plain(pixels.size, Ink.light.colour)
    // A row through the first line of cells: paper, and a cell for each gradient in each palette.
    let row = (0..<pixels.size.height).first { y in
      (0..<pixels.size.width).count { pixels[$0, y] != Ink.light.colour } > pixels.size.width / 2
    }
    let y = row ?? 0
    let isPaper = (0..<pixels.size.width).map { pixels[$0, y] == plain[$0, y] }
    let starts = zip(isPaper, isPaper.dropFirst()).count { $0 && !$1 }
    #expect(starts == Gradient.Direction.allCases.count * Style.allCases.count)
  }

  @Test(arguments: Pattern.allCases, [3, 4, 7])
  func `a pattern can be told at the smallest sizes`(pattern: Pattern, unit: Int) {
    let tile = pattern.tile(unit: unit)
    #expect(tile.densest > Opacity(0.1))
    #expect(Set(tile.amounts).count > 1)
  }
}
