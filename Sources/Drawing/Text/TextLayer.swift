/// A text whose letters are drawn and have their places on a picture. A canvas only has to blend them, band by band.
struct TextLayer {
  struct Letter {
    let glyph: Glyph
    /// The column of the glyph's left edge and the row of its upper edge on the picture.
    let left: Int
    let top: Int
  }

  struct Line {
    /// The letters of the line, from left to right.
    let letters: Range<Int>
    /// The rows of the picture that the letters touch.
    let rows: Range<Int>
  }

  /// The panel behind the text, for tones that need one.
  let panel: RoundedRectangle
  /// The distance of the shadow to the right and down, in pixels.
  let shadowDistance: Int
  private(set) var letters: [Letter] = []
  private(set) var lines: [Line] = []

  /// - Parameters:
  ///   - panel: the area of the panel, which limits the radius of its corners.
  ///   - pixelSize: pixels per em of the text that will be added.
  init(panel: Box, radius: Int, pixelSize: Int) {
    self.panel = RoundedRectangle(panel, radius: min(radius, panel.height / 2, panel.width / 2))
    shadowDistance = max(1, pixelSize / 24)
  }

  /// Draws the letters of a text.
  init(_ text: PlacedText, with textRenderer: TextRenderer) {
    self.init(panel: text.panel, radius: text.radius, pixelSize: text.pixelSize)
    for (block, place) in text.blocks { append(block, at: place, with: textRenderer) }
  }

  /// Adds the letters of a block at its place.
  mutating func append(_ block: TextBlock, at place: TextPlace, with textRenderer: TextRenderer) {
    for line in block.lines {
      let start = letters.count
      for cluster in block.clusters[line] { append(cluster, of: block, at: place, with: textRenderer) }
      let added = letters[start...]
      let (top, bottom) = (added.map(\.top).min() ?? 0, added.map { $0.top + $0.glyph.height }.max() ?? 0)
      lines.append(Line(letters: start..<letters.count, rows: top..<bottom))
    }
  }

  private mutating func append(
    _ cluster: TextBlock.PlacedCluster, of block: TextBlock, at place: TextPlace, with textRenderer: TextRenderer
  ) {
    let scale = Float(block.pixelSize)
    for placed in block.text.glyphs[cluster.glyphs] {
      let (x, quarter) = Self.snap(place.left + cluster.x + placed.x * scale, pixelSize: block.pixelSize)
      let glyph = textRenderer.glyph(placed, pixelSize: block.pixelSize, quarter: quarter)
      let y = place.baseline + cluster.baseline - Int((placed.y * scale).rounded())
      letters.append(Letter(glyph: glyph, left: x + glyph.left, top: y - glyph.top))
    }
  }

  /// Small letters are placed on quarters of a pixel, because their distances would look uneven otherwise; large ones are placed on whole
  /// pixels.
  private static func snap(_ x: Float, pixelSize: Int) -> (whole: Int, quarter: Int) {
    guard pixelSize < 32 else { return (Int(x.rounded()), 0) }
    let quarters = Int((x * 4).rounded())
    return (quarters >> 2, quarters & 3)
  }
}

extension Canvas {
  /// Draws a text, on a panel if the tone needs one, otherwise with a shadow.
  ///
  /// - Parameter clip: the area to which letters are clipped.
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

  /// Draws letters without panel or shadow.
  mutating func draw(_ layer: TextLayer, ink: Ink, within clip: Box) {
    for line in layer.lines { draw(line, of: layer, as: Letters(ink: ink), within: clip) }
  }

  private static let shadowOpacity = Opacity(0.3)

  /// How the letters of a line are drawn: as themselves, or as their shadow.
  private struct Letters {
    var ink: Ink
    var opacity = Opacity.opaque
    /// The offset to the right and down, in pixels.
    var distance = 0
    /// Whether colour glyphs are drawn in their colours.
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
