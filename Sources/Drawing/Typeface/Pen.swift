/// How a pen moves to draw a glyph, on the grid of the built-in alphabet.
struct Pen: Sendable {
  /// Straight moves; one that ends where it starts is a dot.
  private let segments: [Segment]
  /// From the left edge of the grid to the rightmost point.
  let width: Float

  private struct Segment {
    let start: SIMD2<Float>
    let way: SIMD2<Float>
    /// One by the squared length; 0 for a dot.
    let inverse: Float
  }

  /// - Parameter strokes: as in ``BuiltInAlphabet/strokes``.
  init(strokes: String) {
    var segments: [Segment] = []
    var width: Float = 0
    for stroke in strokes.split(separator: " ") {
      let digits = stroke.compactMap(\.hexDigitValue).map(Float.init)
      let points = stride(from: 0, to: digits.count - 1, by: 2).map { SIMD2(digits[$0], digits[$0 + 1]) }
      width = points.reduce(width) { max($0, $1.x) }
      for (start, end) in zip(points, points.dropFirst()) {
        let (way, length) = (end - start, ((end - start) * (end - start)).sum())
        segments.append(Segment(start: start, way: way, inverse: length > 0 ? 1 / length : 0))
      }
    }
    self.segments = segments
    self.width = width
  }

  /// From the nearest point that the middle of the pen passes.
  func distance(to point: SIMD2<Float>) -> Float {
    let nearest = segments.reduce(Float.infinity) { nearest, segment in
      let offset = point - segment.start
      let share = min(max((segment.way * offset).sum() * segment.inverse, 0), 1)
      let gap = offset - segment.way * share
      return min(nearest, (gap * gap).sum())
    }
    return nearest.squareRoot()
  }
}
