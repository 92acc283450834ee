/// A filled triangle with a level base.
struct Triangle: Shape {
  /// The two corners of the base and the row they lie in.
  let base: ClosedRange<Float>
  let baseRow: Float
  /// The row of the third corner, which lies over (or under) the middle of the base.
  let tipRow: Float

  var rows: ClosedRange<Float> { min(baseRow, tipRow)...max(baseRow, tipRow) }

  func distance(x: Float, y: Float) -> Float {
    // Mirrored so that one side counts: the base is `depth` 0, the tip `height`.
    let across = abs(x - (base.lowerBound + base.upperBound) / 2)
    let depth = tipRow > baseRow ? y - baseRow : baseRow - y
    let side = ((across - half) * height + depth * half) / (height * height + half * half).squareRoot()
    return max(side, -depth)
  }

  /// Only where it surely is: a triangle's distances are cheap.
  func span(y: Float, depth: Float) -> ClosedRange<Float>? {
    depth < 0 ? base.lowerBound - 1...base.upperBound + 1 : nil
  }

  private var half: Float { (base.upperBound - base.lowerBound) / 2 }
  private var height: Float { abs(tipRow - baseRow) }
}
