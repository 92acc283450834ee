/// A straight move of the pen, on the alphabet's grid; a dot if it ends where it starts.
struct PenSegment {
  let start: SIMD2<Float>
  let end: SIMD2<Float>

  /// From the segment's middle line.
  func distance(to point: SIMD2<Float>) -> Float {
    let (way, offset) = (end - start, point - start)
    let length = (way * way).sum()
    let share = length > 0 ? min(max((way * offset).sum() / length, 0), 1) : 0
    let gap = offset - way * share
    return (gap * gap).sum().squareRoot()
  }
}
