import Glibc

/// A circular stroke.
struct Ring: Shape {
  let x: Float
  let y: Float
  /// From the centre to the middle of the stroke.
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

  /// Covers the whole width, because only distances show the hole.
  func span(y: Float, depth: Float) -> ClosedRange<Float>? {
    guard depth < 0 else { return nil }
    return Disc(x: x, y: self.y, radius: radius + thickness / 2).span(y: y, depth: depth)
  }
}

/// A stroke that falls from its upper end to the lower left at 45°.
struct Stripe: Shape {
  /// The column at which the middle of the stroke crosses the upper edge of the first row.
  let x: Float
  /// The number of rows that it crosses, from row 0.
  let height: Int
  /// The width of the stroke in pixels.
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

/// A stroke along one turn of a sine, from the left edge on.
struct Wave: Shape {
  let rows: ClosedRange<Float>

  /// For each column, the middle of the stroke, and the factor by which its tilt reduces vertical distances.
  private let columns: [(middle: Float, narrowing: Float)]
  private let thickness: Float

  /// - Parameters:
  ///   - y: the row around which the wave swings, by `amplitude`.
  ///   - length: the number of columns in the turn.
  init(y: Float, amplitude: Float, length: Int, thickness: Float) {
    rows = y - amplitude - thickness...y + amplitude + thickness
    self.thickness = thickness
    let turn = 2 * Float.pi / Float(length)
    columns = (0..<length).map { column in
      let angle = (Float(column) + 0.5) * turn
      let slope = amplitude * turn * cosf(angle)
      return (y + amplitude * sinf(angle), 1 / (1 + slope * slope).squareRoot())
    }
  }

  /// The vertical distance, reduced by the tilt of the curve, which is exact enough within the stroke's thickness.
  func distance(x: Float, y: Float) -> Float {
    let column = columns[Int(x)]
    return abs(y - column.middle) * column.narrowing - thickness / 2
  }

  /// The outline has a corner at every eighth column, which looks smooth.
  var path: VectorPath {
    let places = Array(Swift.stride(from: 0, to: columns.count, by: 8)) + [columns.count - 1]
    func edge(_ side: Float) -> [SIMD2<Float>] {
      places.map { place in
        let x = place == 0 ? 0 : place == columns.count - 1 ? Float(columns.count) : Float(place) + 0.5
        return SIMD2(x, columns[place].middle + side * thickness / 2 / columns[place].narrowing)
      }
    }
    return .polygon(edge(-1) + edge(1).reversed())
  }

  /// Covers the whole turn, because only distances tell more.
  func span(y: Float, depth: Float) -> ClosedRange<Float>? {
    depth < 0 ? 0...Float(columns.count) : nil
  }
}
