/// A filled circle.
struct Disc: Shape {
  let x: Float
  let y: Float
  let radius: Float

  var rows: ClosedRange<Float> { y - radius...y + radius }

  func distance(x: Float, y: Float) -> Float {
    let (across, down) = (x - self.x, y - self.y)
    return (across * across + down * down).squareRoot() - radius
  }

  func span(y: Float, depth: Float) -> ClosedRange<Float>? {
    let (radius, down) = (radius - depth, y - self.y)
    guard radius > abs(down) else { return nil }
    let half = (radius * radius - down * down).squareRoot()
    return x - half...x + half
  }

  var path: VectorPath { .circle(x: x, y: y, radius: radius) }
}
