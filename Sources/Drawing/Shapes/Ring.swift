/// A circular stroke.
struct Ring: Shape {
  let x: Float
  let y: Float
  /// To the middle of the stroke.
  let radius: Float
  let thickness: Float

  var rows: ClosedRange<Float> { y - radius - thickness / 2...y + radius + thickness / 2 }

  func distance(x: Float, y: Float) -> Float {
    let (across, down) = (x - self.x, y - self.y)
    return abs((across * across + down * down).squareRoot() - radius) - thickness / 2
  }

  var path: VectorPath {
    .circle(x: x, y: y, radius: radius + thickness / 2) + .circle(x: x, y: y, radius: radius - thickness / 2)
  }

  /// The whole width: only distances tell what the hole is.
  func span(y: Float, depth: Float) -> ClosedRange<Float>? {
    guard depth < 0 else { return nil }
    return Disc(x: x, y: self.y, radius: radius + thickness / 2).span(y: y, depth: depth)
  }
}
