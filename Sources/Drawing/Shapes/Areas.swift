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

/// A rectangle whose corners are quarter circles.
struct RoundedRectangle: Shape {
  let columns: ClosedRange<Float>
  let rows: ClosedRange<Float>
  let radius: Float

  func distance(x: Float, y: Float) -> Float {
    let across = max(columns.lowerBound - x, x - columns.upperBound) + radius
    let down = max(rows.lowerBound - y, y - rows.upperBound) + radius
    let (outwards, downwards) = (max(across, 0), max(down, 0))
    return (outwards * outwards + downwards * downwards).squareRoot() + min(max(across, down), 0) - radius
  }

  func span(y: Float, depth: Float) -> ClosedRange<Float>? {
    let down = max(rows.lowerBound - y, y - rows.upperBound) + radius
    guard down < radius - depth else { return nil }
    let corner = max(radius - depth, 0)
    let inset = down > 0 ? radius - (corner * corner - down * down).squareRoot() : depth
    let (left, right) = (columns.lowerBound + inset, columns.upperBound - inset)
    return left < right ? left...right : nil
  }

  var path: VectorPath { .rectangle(columns: columns, rows: rows, radius: radius) }
}

extension RoundedRectangle {
  init(_ box: Box, radius: Int) {
    self.init(
      columns: Float(box.columns.lowerBound)...Float(box.columns.upperBound),
      rows: Float(box.rows.lowerBound)...Float(box.rows.upperBound), radius: Float(radius))
  }
}

extension Shape where Self == RoundedRectangle {
  /// A rectangle of whole pixels with sharp corners.
  static func rectangle(x: Int, y: Int, width: Int, height: Int) -> RoundedRectangle {
    RoundedRectangle(columns: Float(x)...Float(x + width), rows: Float(y)...Float(y + height), radius: 0)
  }
}

/// A filled polygon without dents.
struct ConvexPolygon: Shape {
  let rows: ClosedRange<Float>
  let path: VectorPath

  /// The lines along the sides. A point lies outside if its product with `outwards` exceeds `reach`.
  private let sides: [(outwards: SIMD2<Float>, reach: Float)]

  /// - Parameter corners: at least 3 corners, clockwise.
  init(_ corners: SIMD2<Float>...) { self.init(corners: corners) }

  /// - Parameter cutsTips: whether the edge pixels of a sharp corner end there, for polygons that meet in one point. Without that, they go
  ///   on for a pixel or two.
  init(corners: [SIMD2<Float>], cutsTips: Bool = false) {
    path = .polygon(corners)
    rows = (corners.map(\.y).min() ?? 0)...(corners.map(\.y).max() ?? 0)
    let sides = zip(corners, corners.dropFirst() + corners.prefix(1)).map { start, end in
      let way = end - start
      let outwards = SIMD2(way.y, -way.x) / (way * way).sum().squareRoot()
      return (outwards: outwards, reach: (outwards * start).sum())
    }
    let tips = zip(corners, zip(sides.suffix(1) + sides, sides)).map { corner, sides in
      let way = sides.0.outwards + sides.1.outwards
      let outwards = way / (way * way).sum().squareRoot()
      return (outwards: outwards, reach: (outwards * corner).sum())
    }
    self.sides = cutsTips ? sides + tips : sides
  }

  /// Exact along the sides. Beyond a corner, it is the distance from the farther of the two sides.
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
