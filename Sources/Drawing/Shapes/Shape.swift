/// An area with smooth edges, in pixels. Pixel (x, y) is sampled at its centre, (x + 0.5, y + 0.5).
///
/// The coverage of a pixel follows from its distance from the edge: none from half a pixel outside, full from half a pixel inside. That is
/// exact for straight edges along the grid, and elsewhere the error is too small for an eye or a test.
protocol Shape: Outlined {
  /// The rows that the shape covers.
  var rows: ClosedRange<Float> { get }

  /// The distance of a point from the edge; negative inside.
  func distance(x: Float, y: Float) -> Float

  /// The part of a row that lies at least `depth` inside, or, if `depth` is negative, at most that far outside; nil if there is none.
  ///
  /// The part may be too long if `depth` is negative and too short if it is positive: it only saves computing distances.
  func span(y: Float, depth: Float) -> ClosedRange<Float>?
}

/// A shape that a path can describe, for SVG.
protocol Outlined: Sendable {
  /// The outline; overlaps count as holes.
  var path: VectorPath { get }
}

extension Shape {
  /// Visits the covered pixels, row by row from left to right: runs of fully covered pixels at once, edge pixels one by one.
  ///
  /// - Parameter columns, height: the only pixels to visit.
  func scan(columns: Range<Int>, height: Range<Int>, _ visit: (_ y: Int, _ columns: Range<Int>, _ coverage: Float) -> Void) {
    let (top, bottom) = (Int((rows.lowerBound - 0.5).rounded(.down)), Int((rows.upperBound + 0.5).rounded(.up)))
    for y in (top..<bottom).clamped(to: height) {
      let centre = Float(y) + 0.5
      guard let outer = span(y: centre, depth: -0.5) else { continue }
      let edges = Int(outer.lowerBound.rounded(.down))..<Int(outer.upperBound.rounded(.up))
      let touched = edges.clamped(to: columns)
      let inner = span(y: centre, depth: 0.5).map { Self.pixels(centredIn: $0, within: touched) }
      let solid = inner ?? touched.upperBound..<touched.upperBound
      scanEdge(touched.lowerBound..<solid.lowerBound, y: y, visit)
      if !solid.isEmpty { visit(y, solid, 1) }
      scanEdge(solid.upperBound..<touched.upperBound, y: y, visit)
    }
  }

  private func scanEdge(_ columns: Range<Int>, y: Int, _ visit: (Int, Range<Int>, Float) -> Void) {
    for x in columns {
      let coverage = min(0.5 - distance(x: Float(x) + 0.5, y: Float(y) + 0.5), 1)
      if coverage > 0 { visit(y, x..<x + 1, coverage) }
    }
  }

  private static func pixels(centredIn span: ClosedRange<Float>, within limits: Range<Int>) -> Range<Int> {
    let (first, end) = (Int((span.lowerBound - 0.5).rounded(.up)), Int((span.upperBound - 0.5).rounded(.down)) + 1)
    return first < end ? (first..<end).clamped(to: limits) : limits.upperBound..<limits.upperBound
  }
}

extension Canvas {
  /// Blends ink within a shape. Parts outside the canvas are left out.
  mutating func fill(_ shape: some Shape, with ink: Ink, opacity: Opacity) {
    let (width, stride, band) = (size.width, stride, band)
    withMutableRows { rows in
      shape.scan(columns: 0..<width, height: band) { y, columns, coverage in
        let first = (y - band.lowerBound) * stride + 1
        let bytes = first + 3 * columns.lowerBound..<first + 3 * columns.upperBound
        rows.blend(ink.level, opacity: coverage < 1 ? Opacity(opacity.share * coverage) : opacity, over: bytes)
      }
    }
  }
}
