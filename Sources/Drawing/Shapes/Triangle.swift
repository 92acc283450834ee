/// A filled triangle with a level base and two equal sides.
struct Triangle: Shape {
  /// The two corners of the base and the row they lie in.
  let base: ClosedRange<Float>
  let baseRow: Float
  /// The row of the third corner.
  let tipRow: Float

  var rows: ClosedRange<Float> { min(baseRow, tipRow)...max(baseRow, tipRow) }

  func distance(x: Float, y: Float) -> Float {
    let height = height(y)
    return max((abs(x - middle) - halfWidth(atHeight: height)) * narrowing, -height)
  }

  func span(y: Float, depth: Float) -> ClosedRange<Float>? {
    let height = height(y)
    let half = halfWidth(atHeight: height) - depth / narrowing
    return height >= depth && half > 0 ? middle - half...middle + half : nil
  }

  private var middle: Float { (base.lowerBound + base.upperBound) / 2 }

  /// Of a row, counted from the base to the tip, whichever is on top.
  private func height(_ y: Float) -> Float { tipRow > baseRow ? y - baseRow : baseRow - y }

  private func halfWidth(atHeight height: Float) -> Float {
    (base.upperBound - base.lowerBound) / 2 * (1 - height / abs(tipRow - baseRow))
  }

  /// What a level distance from a side has to be multiplied with to be the distance across it.
  private var narrowing: Float {
    let (half, height) = ((base.upperBound - base.lowerBound) / 2, abs(tipRow - baseRow))
    return height / (half * half + height * height).squareRoot()
  }
}
