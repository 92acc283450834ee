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

extension Shape where Self == RoundedRectangle {
  /// A rectangle of whole pixels with sharp corners.
  static func rectangle(x: Int, y: Int, width: Int, height: Int) -> RoundedRectangle {
    RoundedRectangle(columns: Float(x)...Float(x + width), rows: Float(y)...Float(y + height), radius: 0)
  }
}
