/// An outline in the format of an SVG path's `d` (SVG 2, section 9.3).
struct VectorPath: Sendable {
  private(set) var data: String

  static func polygon(_ corners: [SIMD2<Float>]) -> VectorPath {
    let points = corners.map { "\(decimal($0.x)) \(decimal($0.y))" }
    return VectorPath(data: "M\(points.joined(separator: "L"))Z")
  }

  /// A circle of two halves, because an arc cannot end where it began.
  static func circle(x: Float, y: Float, radius: Float) -> VectorPath {
    let (radius, across) = (decimal(radius), decimal(2 * radius))
    return VectorPath(
      data: "M\(decimal(x)) \(decimal(y))m-\(radius) 0a\(radius) \(radius) 0 1 0 \(across) 0a\(radius) \(radius) 0 1 0 -\(across) 0Z")
  }

  static func rectangle(columns: ClosedRange<Float>, rows: ClosedRange<Float>, radius: Float) -> VectorPath {
    let (width, height) = (columns.upperBound - columns.lowerBound, rows.upperBound - rows.lowerBound)
    guard radius > 0 else {
      let corner = "\(decimal(columns.lowerBound)) \(decimal(rows.lowerBound))"
      return VectorPath(data: "M\(corner)h\(decimal(width))v\(decimal(height))h\(decimal(-width))Z")
    }
    let (across, down, corner) = (decimal(width - 2 * radius), decimal(height - 2 * radius), decimal(radius))
    func turn(_ x: String, _ y: String) -> String { "a\(corner) \(corner) 0 0 1 \(x) \(y)" }
    return VectorPath(
      data: "M\(decimal(columns.lowerBound + radius)) \(decimal(rows.lowerBound))"
        + "h\(across)\(turn(corner, corner))v\(down)\(turn("-" + corner, corner))"
        + "h-\(across)\(turn("-" + corner, "-" + corner))v-\(down)\(turn(corner, "-" + corner))Z")
  }

  /// What two circles of a radius have in common that meet at two points.
  static func leaf(from tip: SIMD2<Float>, to otherTip: SIMD2<Float>, radius: Float) -> VectorPath {
    let radius = decimal(radius)
    func side(to end: SIMD2<Float>) -> String { "A\(radius) \(radius) 0 0 1 \(decimal(end.x)) \(decimal(end.y))" }
    return VectorPath(data: "M\(decimal(tip.x)) \(decimal(tip.y))\(side(to: otherTip))\(side(to: tip))Z")
  }

  /// A quarter of a ring.
  ///
  /// - Parameter inwards: on which sides of the centre it lies: each is 1 or -1.
  static func quarterRing(_ centre: SIMD2<Float>, inwards: SIMD2<Float>, inner: Float, outer: Float) -> VectorPath {
    func point(_ x: Float, _ y: Float) -> String { "\(decimal(centre.x + inwards.x * x)) \(decimal(centre.y + inwards.y * y))" }
    func arc(_ radius: Float, _ sweep: Int) -> String { "A\(decimal(radius)) \(decimal(radius)) 0 0 \(sweep) " }
    let sweep = inwards.x * inwards.y > 0 ? 1 : 0
    return VectorPath(
      data: "M\(point(outer, 0))\(arc(outer, sweep))\(point(0, outer))L\(point(0, inner))\(arc(inner, 1 - sweep))\(point(inner, 0))Z")
  }

  static func + (one: VectorPath, other: VectorPath) -> VectorPath { VectorPath(data: one.data + other.data) }
}

/// A number in SVG's format, to a hundredth of a pixel.
func decimal(_ value: Float) -> String {
  let hundredths = (value * 100).rounded()
  guard hundredths.magnitude < 1e9 else { return "0" }
  let (whole, rest) = Int(hundredths).quotientAndRemainder(dividingBy: 100)
  guard rest != 0 else { return String(whole) }
  let digits = rest.magnitude < 10 ? "0\(rest.magnitude)" : rest.magnitude % 10 == 0 ? "\(rest.magnitude / 10)" : "\(rest.magnitude)"
  return "\(hundredths < 0 ? "-" : "")\(whole.magnitude).\(digits)"
}
