import Glibc

/// A stroke along one turn of a sine, from the left edge on.
struct Wave: Shape {
  /// The row around which it swings, and how far.
  let y: Float
  let amplitude: Float
  /// Columns of the turn.
  let length: Int
  let thickness: Float

  var rows: ClosedRange<Float> { y - amplitude - thickness...y + amplitude + thickness }

  /// The vertical distance, tilted as the curve is: near enough within a stroke's thickness.
  func distance(x: Float, y: Float) -> Float {
    let turn = 2 * Float.pi / Float(length)
    let slope = amplitude * turn * cosf(x * turn)
    let down = y - self.y - amplitude * sinf(x * turn)
    return abs(down) / (1 + slope * slope).squareRoot() - thickness / 2
  }

  /// The whole turn: only distances tell more.
  func span(y: Float, depth: Float) -> ClosedRange<Float>? {
    depth < 0 ? 0...Float(length) : nil
  }
}
