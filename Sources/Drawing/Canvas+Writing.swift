extension Canvas {
  /// Lays a block's letters on the canvas, with a shadow unless a panel sets them off already.
  mutating func write(_ block: TextBlock, at place: TextPlace, within clip: Box, tone: Tone, with lettering: Lettering) {
    let distance = max(1, block.pixelSize / 24)
    let shadow = TextPlace(left: place.left + Float(distance), baseline: place.baseline + distance, of: block)
    // Line by line, so that the shadow's glyphs are still in the cache when the letters need them, however many there are.
    for line in block.lines {
      if tone.panelOpacity == nil {
        draw(
          line, of: block, at: shadow, ink: tone.textInk.opposite, opacity: Self.shadowOpacity, clip: clip, isShadow: true, with: lettering)
      }
      draw(line, of: block, at: place, ink: tone.textInk, opacity: .opaque, clip: clip, with: lettering)
    }
  }

  /// Lays a panel behind text, where the tone says that it needs one.
  ///
  /// - Returns: the panel's shape, be it visible or not.
  @discardableResult mutating func fillPanel(_ panel: Box, radius: Int, within limits: Box, tone: Tone) -> RoundedRectangle {
    let panel = panel.intersection(limits)
    let shape = RoundedRectangle(
      columns: Float(panel.columns.lowerBound)...Float(panel.columns.upperBound),
      rows: Float(panel.rows.lowerBound)...Float(panel.rows.upperBound),
      radius: Float(min(radius, panel.height / 2, panel.width / 2)))
    if let opacity = tone.panelOpacity { fill(shape, with: tone.textInk.opposite, opacity: opacity) }
    return shape
  }

  private static let shadowOpacity = Opacity(0.3)
}
