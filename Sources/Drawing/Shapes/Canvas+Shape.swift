extension Canvas {
  /// Lays ink over a shape; what lies outside the canvas is left out.
  mutating func fill(_ shape: some Shape, with ink: Ink, opacity: Opacity) {
    let (size, stride) = (size, stride)
    withMutableRows { rows in
      shape.scan(columns: 0..<size.width, height: 0..<size.height) { y, columns, coverage in
        let first = y * stride + 1
        let bytes = first + 3 * columns.lowerBound..<first + 3 * columns.upperBound
        rows.blend(ink.level, opacity: coverage < 1 ? Opacity(opacity.share * coverage) : opacity, over: bytes)
      }
    }
  }
}
