extension Canvas {
  /// Lays a line of text on the canvas.
  ///
  /// - Parameters:
  ///   - clusters: of the block.
  ///   - place: where the block's origin goes.
  ///   - clip: the only pixels to touch.
  ///   - isShadow: whether glyphs that have colours are drawn in ink all the same.
  mutating func draw(
    _ clusters: Range<Int>, of block: TextBlock, at place: TextPlace, ink: Ink, opacity: Opacity, clip: Box, isShadow: Bool = false,
    with lettering: Lettering
  ) {
    let scale = Float(block.pixelSize)
    for cluster in block.clusters[clusters] {
      for placed in block.text.glyphs[cluster.glyphs] {
        let (x, quarter) = Self.snap(place.left + cluster.x + placed.x * scale, pixelSize: block.pixelSize)
        let glyph = lettering.glyph(placed, pixelSize: block.pixelSize, quarter: quarter)
        let y = place.baseline + cluster.baseline - Int((placed.y * scale).rounded())
        draw(glyph, left: x + glyph.left, top: y - glyph.top, ink: ink, opacity: opacity, clip: clip, isShadow: isShadow)
      }
    }
  }

  /// Small letters stand on quarters of a pixel, or their distances would look uneven; large ones on whole pixels.
  private static func snap(_ x: Float, pixelSize: Int) -> (whole: Int, quarter: Int) {
    guard pixelSize < 32 else { return (Int(x.rounded()), 0) }
    let quarters = Int((x * 4).rounded())
    return (quarters >> 2, quarters & 3)
  }

  private mutating func draw(_ glyph: Glyph, left: Int, top: Int, ink: Ink, opacity: Opacity, clip: Box, isShadow: Bool) {
    let stride = stride
    let (coverage, colours) = (glyph.coverage.span, isShadow ? nil : glyph.colours)
    let visible = clip.columns.lowerBound - left..<clip.columns.upperBound - left
    let isWhole = visible.lowerBound <= 0 && glyph.width <= visible.upperBound
    withMutableRows { rows in
      for y in (top..<top + glyph.height).clamped(to: clip.rows) {
        let row = isWhole ? glyph.rows[y - top] : glyph.rows[y - top].clamped(to: visible)
        guard !row.columns.isEmpty else { continue }
        let target = y * stride + 1 + 3 * (left + row.columns.lowerBound)
        if let colours {
          rows.blend(colours.span.extracting(row.bytes), through: coverage.extracting(row.bytes), at: target)
        } else {
          rows.blend(ink.level, through: coverage.extracting(row.bytes), opacity: opacity, at: target)
        }
      }
    }
  }
}
