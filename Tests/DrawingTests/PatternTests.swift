import Testing

@testable import Drawing

struct PatternTests {
  /// The patterns whose edges run along whole pixels.
  static let upright: Set<Pattern> = [.grid, .stripes, .checkerboard, .plaid, .weave, .crosses, .squares]

  static let grey = Colour(red: 100, green: 120, blue: 140)

  static func cover(with tile: Tile, size: String) -> Pixels {
    var canvas = Canvas(size: PictureDescription.mock(size: size).size)
    canvas.paint(.solid(grey))
    canvas.cover(with: tile, ink: .light)
    return Pixels(canvas)
  }

  @Test(arguments: Pattern.allCases)
  func `a pattern is translucent: what lies under it shines through everywhere`(pattern: Pattern) {
    let tile = pattern.tile(unit: 8)
    #expect(tile.densest > Opacity(0.1))
    #expect(tile.densest < Opacity(0.6))
    let pixels = Self.cover(with: tile, size: "128x128")
    #expect(pixels.colours.allSatisfy { $0.red < 220 && $0.blue > $0.red })
  }

  @Test(arguments: Pattern.allCases.filter { !upright.contains($0) })
  func `a pattern's edges are antialiased`(pattern: Pattern) {
    let tile = pattern.tile(unit: 16)
    // Flat parts share a few amounts. The amounts of edges are different, and each covers few pixels.
    let counts = Dictionary(grouping: tile.amounts, by: { $0 }).mapValues(\.count)
    #expect(counts.values.filter { $0 * 25 < tile.amounts.count }.count >= 2)
  }

  @Test(arguments: Pattern.allCases)
  func `a pattern repeats at its tile's distances`(pattern: Pattern) {
    let tile = pattern.tile(unit: 5)
    let pixels = Self.cover(with: tile, size: "131x117")
    for y in 0..<pixels.size.height {
      for x in 0..<pixels.size.width {
        if x >= tile.width { #expect(pixels[x, y] == pixels[x - tile.width, y]) }
        if y >= tile.height { #expect(pixels[x, y] == pixels[x, y - tile.height]) }
      }
    }
  }

  @Test(arguments: Pattern.allCases)
  func `a pattern looks like no other`(pattern: Pattern) {
    let pixels = Self.cover(with: pattern.tile(unit: 8), size: "64x64")
    for other in Pattern.allCases where other != pattern {
      #expect(Self.cover(with: other.tile(unit: 8), size: "64x64").differences(from: pixels).count > 300)
    }
  }

  @Test func `a tile's corner lies in the centre of the canvas`() {
    var tile = Tile(width: 10, height: 8)
    tile.fill(RoundedRectangle(columns: 0...1, rows: 0...1, radius: 0), opacity: 0.5)
    let pixels = Self.cover(with: tile, size: "64x64")
    #expect(pixels[32, 32] != Self.grey)
    #expect(pixels[33, 32] == Self.grey)
    #expect(pixels[22, 24] == pixels[32, 32])
  }

  @Test func `shapes wrap around a tile's edges`() {
    var tile = Tile(width: 20, height: 20)
    tile.fill(Disc(x: 0, y: 0, radius: 5), opacity: 1)
    let corners = [0, 19, 19 * 20, 19 * 20 + 19].map { tile.amounts[$0] }
    #expect(corners == [255, 255, 255, 255])
    #expect(tile.amounts[10 * 20 + 10] == 0)
  }

  @Test func `rows change from row to row where slanted edges cross shades that change along the row`() {
    func changes(_ pattern: Pattern, _ direction: Gradient.Direction) -> Bool {
      let size = PictureSize(width: 256, height: 256)!
      var placeholder = Placeholder(PictureDescription(prompt: "a lake", model: "dall-e-3", size: size, quality: .hd), timestamp: "")
      placeholder.pattern = pattern
      placeholder.background = .gradient(
        Gradient(from: Colour(red: 255, green: 0, blue: 0), to: Colour(red: 0, green: 0, blue: 255), direction))
      return placeholder.changesFromRowToRow
    }
    #expect(changes(.lines, .horizontal))
    #expect(changes(.chevrons, .radial))
    #expect(!changes(.lines, .vertical))
    #expect(!changes(.waves, .horizontal))
  }
}
