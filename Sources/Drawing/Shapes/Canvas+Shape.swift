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
