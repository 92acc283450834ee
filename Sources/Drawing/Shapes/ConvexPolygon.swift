/// A filled polygon without dents.
struct ConvexPolygon: Shape {
  let rows: ClosedRange<Float>
  let path: VectorPath

  /// The lines along the sides: where a point's product with `outwards` is beyond `reach`, it lies outside.
  private let sides: [(outwards: SIMD2<Float>, reach: Float)]

  /// - Parameter corners: at least 3, clockwise.
  init(_ corners: SIMD2<Float>...) {
    path = .polygon(corners)
    rows = (corners.map(\.y).min() ?? 0)...(corners.map(\.y).max() ?? 0)
    sides = zip(corners, corners.dropFirst() + corners.prefix(1)).map { start, end in
      let way = end - start
      let outwards = SIMD2(way.y, -way.x) / (way * way).sum().squareRoot()
      return (outwards, (outwards * start).sum())
    }
  }

  /// Exact along the sides; beyond a corner, how far outside the farther of its two sides.
  func distance(x: Float, y: Float) -> Float {
    sides.reduce(-.infinity) { max($0, $1.outwards.x * x + $1.outwards.y * y - $1.reach) }
  }

  func span(y: Float, depth: Float) -> ClosedRange<Float>? {
    var (left, right) = (-Float.infinity, Float.infinity)
    for side in sides {
      let room = side.reach - depth - side.outwards.y * y
      if abs(side.outwards.x) < 1e-4 {
        guard room >= 0 else { return nil }
      } else if side.outwards.x > 0 {
        right = min(right, room / side.outwards.x)
      } else {
        left = max(left, room / side.outwards.x)
      }
    }
    return left < right ? left...right : nil
  }
}
