/// An area with smooth edges, in pixels; pixel (x, y) is sampled at its centre, (x + 0.5, y + 0.5).
///
/// A pixel is covered by how far it lies inside: not at all from half a pixel outside on, wholly from half a pixel inside on. That is
/// exact for straight edges along the grid and off by less than an eye or a test can tell elsewhere.
protocol Shape: Outlined {
  /// From its first to its last row.
  var rows: ClosedRange<Float> { get }

  /// How far a point lies outside; negative within.
  func distance(x: Float, y: Float) -> Float

  /// The part of a row that lies inside by at least `depth`, or outside by at most that where it is negative; nil if none does.
  ///
  /// The part may be too long where `depth` is negative and too short where it is positive: it only saves asking for distances.
  func span(y: Float, depth: Float) -> ClosedRange<Float>?
}

/// What can be described by a path, for pictures that are made of them.
protocol Outlined: Sendable {
  /// Its outline; overlaps count as holes.
  var path: VectorPath { get }
}

extension Shape {
  /// Visits what it covers, row by row from left to right: runs of pixels covered alike, edge pixels one by one.
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
  /// Lays ink over a shape; what lies outside the canvas is left out.
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
