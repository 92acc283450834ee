extension Canvas {
  /// Lays a block of text on the canvas.
  ///
  /// - Parameters:
  ///   - place: where the block's origin goes.
  ///   - clip: the only pixels to touch.
  mutating func draw(_ block: TextBlock, at place: TextPlace, ink: Ink, opacity: Opacity, clip: Box, with lettering: Lettering) {
    let scale = Float(block.pixelSize)
    for cluster in block.clusters {
      for placed in block.text.glyphs[cluster.glyphs] {
        let (x, quarter) = Self.snap(place.left + cluster.x + placed.x * scale, pixelSize: block.pixelSize)
        let glyph = lettering.glyph(placed.glyph, pixelSize: block.pixelSize, quarter: quarter)
        let y = place.baseline + cluster.baseline - Int((placed.y * scale).rounded())
        draw(glyph, x: x, baseline: y, ink: ink, opacity: opacity, clip: clip)
      }
    }
  }

  /// Small letters stand on quarters of a pixel, or their distances would look uneven; large ones on whole pixels.
  private static func snap(_ x: Float, pixelSize: Int) -> (whole: Int, quarter: Int) {
    guard pixelSize < 32 else { return (Int(x.rounded()), 0) }
    let quarters = Int((x * 4).rounded())
    return (quarters >> 2, quarters & 3)
  }

  private mutating func draw(_ glyph: Glyph, x: Int, baseline: Int, ink: Ink, opacity: Opacity, clip: Box) {
    let (left, top) = (x + glyph.left, baseline - glyph.top)
    let columns = (left..<left + glyph.width).clamped(to: clip.columns)
    guard !columns.isEmpty else { return }
    let stride = stride
    withMutableRows { rows in
      for y in (top..<top + glyph.height).clamped(to: clip.rows) {
        let source = 3 * ((y - top) * glyph.width + columns.lowerBound - left)
        let mask = glyph.coverage.span.extracting(source..<source + 3 * columns.count)
        rows.blend(ink.level, through: mask, opacity: opacity, at: y * stride + 1 + 3 * columns.lowerBound)
      }
    }
  }
}
