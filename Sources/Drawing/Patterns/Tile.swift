/// The part of a pattern that repeats in both directions: how much ink lies on each pixel.
///
/// Shapes are drawn once, here, and wrap around all four edges; the canvas only ever sees the finished tile.
struct Tile: Sendable {
  let width: Int
  let height: Int
  /// Row by row, 0 (no ink) to 255.
  private(set) var amounts: [UInt8]
  /// What was drawn, the lowest first.
  private(set) var layers: [Layer] = []

  struct Layer: Sendable {
    let outline: any Outlined
    let opacity: Float
  }

  /// Nothing drawn yet.
  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    amounts = [UInt8](repeating: 0, count: width * height)
  }

  /// How much ink lies where it is densest.
  var densest: Opacity { Opacity(Float(amounts.span.largest(of: 0..<amounts.count)) / 255) }

  /// The tile turned inside out: no ink where there was most of it, all where there was none.
  var gaps: Tile {
    var tile = self
    let densest = max(UInt16(amounts.span.largest(of: 0..<amounts.count)), 1)
    tile.amounts = amounts.map { 255 - UInt8(UInt16($0) * 255 / densest) }
    return tile
  }

  /// The tile as it looks when all that is on it has moved to the right; what leaves it there comes in on the left.
  func moved(by columns: Int) -> Tile {
    guard columns % width != 0 else { return self }
    var tile = self
    let cut = width - columns % width
    tile.amounts.removeAll(keepingCapacity: true)
    for start in Swift.stride(from: 0, to: amounts.count, by: width) {
      tile.amounts += amounts[start + cut..<start + width]
      tile.amounts += amounts[start..<start + cut]
    }
    return tile
  }

  /// Lays translucent ink over a shape. What was there shines through, so overlaps are denser than either layer.
  ///
  /// - Parameter opacity: 0 to 1, where the shape covers a pixel wholly.
  mutating func fill(_ shape: some Shape, opacity: Float) {
    layers.append(Layer(outline: shape, opacity: opacity))
    let (width, height) = (width, height)
    withMutableAmounts { amounts in
      // One tile's size around on each side: what sticks out comes in again at the other edge.
      shape.scan(columns: -width..<2 * width, height: -height..<2 * height) { y, columns, coverage in
        let row = (y + height) % height * width
        for period in [-width, 0, width] {
          let part = columns.clamped(to: period..<period + width)
          amounts.thicken(by: Opacity(coverage * opacity), over: row + part.lowerBound - period..<row + part.upperBound - period)
        }
      }
    }
  }

  /// Draws lines on one map, as large as the tile.
  mutating func draw(_ lines: [ContourLines]) {
    layers += lines.map { Layer(outline: $0, opacity: $0.opacity) }
    guard let map = lines.first?.map else { return }
    let (width, height) = (width, height)
    withMutableAmounts { amounts in
      var (above, here) = (map.row(-1), map.row(0))
      for y in 0..<height {
        let below = map.row(y + 1)
        let slopes = map.slopes(ofRow: here, between: above, and: below)
        for line in lines { amounts.draw(line, at: y * width, heights: here.span, slopes: slopes.span) }
        (above, here) = (here, below)
      }
    }
  }

  private mutating func withMutableAmounts(_ body: (inout MutableSpan<UInt8>) -> Void) {
    var amounts = amounts.mutableSpan
    body(&amounts)
  }
}
