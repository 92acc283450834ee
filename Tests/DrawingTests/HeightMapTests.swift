import Testing

@testable import Drawing

struct HeightMapTests {
  static let map = HeightMap(
    width: 37, height: 23,
    waves: [
      HeightMap.Wave(across: 1, down: 2, height: 1.5, start: 0.1), HeightMap.Wave(across: -2, down: 1, height: 0.7, start: 0.6),
    ])

  @Test func `a map continues at the opposite edge`() {
    #expect(Self.map.row(-1) == Self.map.row(22))
    #expect(Self.map.row(23) == Self.map.row(0))
    #expect(Self.map.row(-1) != Self.map.row(0))
  }

  @Test func `it is as steep as neighbouring heights say, across edges as well`() {
    for y in [0, 11, 22] {
      let (above, here, below) = (Self.map.row(y - 1), Self.map.row(y), Self.map.row(y + 1))
      let slopes = Self.map.slopes(ofRow: here, between: above, and: below)
      for x in 0..<37 {
        let across = here[(x + 1) % 37] - here[(x + 36) % 37]
        let down = below[x] - above[x]
        // The slope is half the difference between pixels two apart, and at least the slope that keeps lines apart.
        let expected = max((across * across + down * down).squareRoot() / 2, 0.012 * 512 / 37)
        #expect(abs(slopes[x] - expected) < 1e-5, "\(x), \(y)")
      }
    }
  }

  @Test func `a line is as thick as it says, however steep it is`() {
    let slope = HeightMap(width: 256, height: 256, waves: [HeightMap.Wave(across: 2, down: 0, height: 3, start: 0.25)])
    var tile = Tile(width: 256, height: 256)
    tile.draw([ContourLines(map: slope, interval: 6, thickness: 4, opacity: 1)])
    // The only multiple of 6 is height 0, which each wave crosses twice: four times in a row.
    let inked = tile.amounts[0..<256].reduce(0) { $0 + Float($1) } / 255
    #expect(abs(inked - 16) < 0.5)
    #expect(tile.amounts[0..<256] == tile.amounts[255 * 256..<256 * 256])
  }
}
