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
