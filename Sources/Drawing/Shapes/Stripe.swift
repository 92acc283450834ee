/// A stroke that falls from its upper end to the lower left at 45°.
struct Stripe: Shape {
  /// Where its middle crosses the upper edge of the first row.
  let x: Float
  /// How many rows it passes, from row 0.
  let height: Int
  /// Across the stroke, in pixels.
  let thickness: Float

  var rows: ClosedRange<Float> { 0.5...Float(height) - 0.5 }

  func distance(x: Float, y: Float) -> Float {
    abs(x + y - self.x) * Float(0.5).squareRoot() - thickness / 2
  }

  func span(y: Float, depth: Float) -> ClosedRange<Float>? {
    let half = (thickness / 2 - depth) * Float(2).squareRoot()
    return half > 0 ? x - y - half...x - y + half : nil
  }

  var path: VectorPath {
    let (half, bottom) = (thickness / Float(2).squareRoot(), Float(height))
    return .polygon([SIMD2(x - half, 0), SIMD2(x + half, 0), SIMD2(x + half - bottom, bottom), SIMD2(x - half - bottom, bottom)])
  }
}
