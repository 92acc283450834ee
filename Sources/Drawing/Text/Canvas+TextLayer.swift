extension Canvas {
  /// Lays a text's letters on the canvas: with a panel behind them where the tone says that it needs one, else with a shadow.
  ///
  /// - Parameter clip: the only pixels of letters to touch.
  mutating func draw(_ layer: TextLayer, tone: Tone, within clip: Box) {
    if let opacity = tone.panelOpacity { fill(layer.panel, with: tone.textInk.opposite, opacity: opacity) }
    for line in layer.lines {
      if tone.panelOpacity == nil {
        let shadow = Letters(ink: tone.textInk.opposite, opacity: Self.shadowOpacity, distance: layer.shadowDistance, hasColours: false)
        draw(line, of: layer, as: shadow, within: clip)
      }
      draw(line, of: layer, as: Letters(ink: tone.textInk), within: clip)
    }
  }

  /// Lays letters alone on the canvas.
  mutating func draw(_ layer: TextLayer, ink: Ink, within clip: Box) {
    for line in layer.lines { draw(line, of: layer, as: Letters(ink: ink), within: clip) }
  }

  private static let shadowOpacity = Opacity(0.3)

  /// How a line's letters are laid: themselves, or their shadow.
  private struct Letters {
    var ink: Ink
    var opacity = Opacity.opaque
    /// Pixels to the right and down.
    var distance = 0
    /// Whether those that have colours show them.
    var hasColours = true
  }

  private mutating func draw(_ line: TextLayer.Line, of layer: TextLayer, as letters: Letters, within clip: Box) {
    let visible = clip.rows.clamped(to: band)
    guard line.rows.lowerBound + letters.distance < visible.upperBound, line.rows.upperBound + letters.distance > visible.lowerBound
    else { return }
    for letter in layer.letters[line.letters] { draw(letter, as: letters, columns: clip.columns, rows: visible) }
  }

  private mutating func draw(_ letter: TextLayer.Letter, as letters: Letters, columns: Range<Int>, rows visibleRows: Range<Int>) {
    let glyph = letter.glyph
    let (left, top) = (letter.left + letters.distance, letter.top + letters.distance)
    let (stride, firstRow) = (stride, band.lowerBound)
    let (coverage, colours) = (glyph.coverage.span, letters.hasColours ? glyph.colours : nil)
    let visible = columns.lowerBound - left..<columns.upperBound - left
    let isWhole = visible.lowerBound <= 0 && glyph.width <= visible.upperBound
    withMutableRows { rows in
      for y in (top..<top + glyph.height).clamped(to: visibleRows) {
        let row = isWhole ? glyph.rows[y - top] : glyph.rows[y - top].clamped(to: visible)
        guard !row.columns.isEmpty else { continue }
        let target = (y - firstRow) * stride + 1 + 3 * (left + row.columns.lowerBound)
        let amounts = coverage.extracting(glyph.coverage(of: row))
        if let colours {
          let bytes = 3 * row.pixels.lowerBound..<3 * row.pixels.upperBound
          rows.blendPixels(colours.span.extracting(bytes), through: amounts, at: target)
        } else if glyph.coverageStride == 3 {
          rows.blend(letters.ink.level, through: amounts, opacity: letters.opacity, at: target)
        } else {
          rows.blendPixels(letters.ink.level, through: amounts, opacity: letters.opacity, at: target)
        }
      }
    }
  }
}
