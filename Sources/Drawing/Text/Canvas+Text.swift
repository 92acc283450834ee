extension Canvas {
  /// Lays a block of text on the canvas.
  ///
  /// - Parameters:
  ///   - place: where the block's origin goes.
  ///   - clip: the only pixels to touch.
  ///   - isShadow: whether glyphs that have colours are drawn in ink all the same.
  mutating func draw(
    _ block: TextBlock, at place: TextPlace, ink: Ink, opacity: Opacity, clip: Box, isShadow: Bool = false, with lettering: Lettering
  ) {
    let scale = Float(block.pixelSize)
    for cluster in block.clusters {
      for placed in block.text.glyphs[cluster.glyphs] {
        let (x, quarter) = Self.snap(place.left + cluster.x + placed.x * scale, pixelSize: block.pixelSize)
        let glyph = lettering.glyph(placed, pixelSize: block.pixelSize, quarter: quarter)
        let y = place.baseline + cluster.baseline - Int((placed.y * scale).rounded())
        let box = Box(left: x + glyph.left, top: y - glyph.top, right: x + glyph.left + glyph.width, bottom: y - glyph.top + glyph.height)
        draw(glyph, in: box, ink: ink, opacity: opacity, clip: clip, isShadow: isShadow)
      }
    }
  }

  /// Small letters stand on quarters of a pixel, or their distances would look uneven; large ones on whole pixels.
  private static func snap(_ x: Float, pixelSize: Int) -> (whole: Int, quarter: Int) {
    guard pixelSize < 32 else { return (Int(x.rounded()), 0) }
    let quarters = Int((x * 4).rounded())
    return (quarters >> 2, quarters & 3)
  }

  private mutating func draw(_ glyph: Glyph, in box: Box, ink: Ink, opacity: Opacity, clip: Box, isShadow: Bool) {
    let columns = box.columns.clamped(to: clip.columns)
    guard !columns.isEmpty else { return }
    let stride = stride
    withMutableRows { rows in
      for y in box.rows.clamped(to: clip.rows) {
        let first = 3 * ((y - box.rows.lowerBound) * glyph.width + columns.lowerBound - box.columns.lowerBound)
        let (source, target) = (first..<first + 3 * columns.count, y * stride + 1 + 3 * columns.lowerBound)
        let mask = glyph.coverage.span.extracting(source)
        if let colours = glyph.colours, !isShadow {
          rows.blend(colours.span.extracting(source), through: mask, at: target)
        } else {
          rows.blend(ink.level, through: mask, opacity: opacity, at: target)
        }
      }
    }
  }
}
