/// The part of a pattern that repeats in both directions: how much ink lies on each pixel.
///
/// Shapes are drawn once, here, and wrap around all four edges; the canvas only ever sees the finished tile.
struct Tile: Sendable {
  let width: Int
  let height: Int
  /// Row by row, 0 (no ink) to 255.
  private(set) var amounts: [UInt8]

  /// Nothing drawn yet.
  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    amounts = [UInt8](repeating: 0, count: width * height)
  }

  /// How much ink lies where it is densest.
  var densest: Opacity { Opacity(Float(amounts.max() ?? 0) / 255) }

  /// Lays translucent ink over a shape. What was there shines through, so overlaps are denser than either layer.
  ///
  /// - Parameter opacity: 0 to 1, where the shape covers a pixel wholly.
  mutating func fill(_ shape: some Shape, opacity: Float) {
    let (width, height) = (width, height)
    // One tile's size around on each side: what sticks out comes in again at the other edge.
    shape.scan(columns: -width..<2 * width, height: -height..<2 * height) { y, columns, coverage in
      let row = (y + height) % height * width
      for x in columns { add(coverage * opacity, at: row + (x < 0 ? x + width : x < width ? x : x - width)) }
    }
  }

  private mutating func add(_ share: Float, at index: Int) {
    let under = Float(amounts[index])
    amounts[index] = UInt8(under + (255 - under) * share + 0.5)
  }
}
