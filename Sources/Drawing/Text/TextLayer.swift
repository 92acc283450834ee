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

  /// The label under the text on a transparent picture.
  let panel: RoundedRectangle
  private(set) var letters: [Letter] = []
  private(set) var lines: [Line] = []

  /// - Parameter panel: the area of the panel, which limits the radius of its corners.
  init(panel: Box, radius: Int) {
    self.panel = RoundedRectangle(panel, radius: min(radius, panel.height / 2, panel.width / 2))
  }

  /// Draws the letters of a text.
  init(_ text: PlacedText, with textRenderer: TextRenderer) {
    self.init(panel: text.panel, radius: text.radius)
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
  /// Draws a text.
  ///
  /// - Parameter clip: the area to which letters are clipped.
  mutating func draw(_ layer: TextLayer, ink: Ink, within clip: Box) { draw(layer, .ink(ink), within: clip) }

  /// Draws a text with any brush; otherwise like ``draw(_:ink:within:)``.
  mutating func draw(_ layer: TextLayer, _ brush: Brush, within clip: Box) {
    let visible = clip.rows.clamped(to: band)
    for line in layer.lines where line.rows.overlaps(visible) {
      for letter in layer.letters[line.letters] { draw(letter, brush, columns: clip.columns, rows: visible) }
    }
  }

  private mutating func draw(_ letter: TextLayer.Letter, _ brush: Brush, columns: Range<Int>, rows visibleRows: Range<Int>) {
    let glyph = letter.glyph
    let (left, top) = (letter.left, letter.top)
    let (stride, firstRow) = (stride, band.lowerBound)
    let coverage = glyph.coverage.span
    let visible = columns.lowerBound - left..<columns.upperBound - left
    let isWhole = visible.lowerBound <= 0 && glyph.width <= visible.upperBound
    withMutableRows { rows in
      for y in (top..<top + glyph.height).clamped(to: visibleRows) {
        let row = isWhole ? glyph.rows[y - top] : glyph.rows[y - top].clamped(to: visible)
        guard !row.columns.isEmpty else { continue }
        let target = (y - firstRow) * stride + 1 + 3 * (left + row.columns.lowerBound)
        let amounts = coverage.extracting(glyph.coverage(of: row))
        if let colours = glyph.colours {
          let bytes = 3 * row.pixels.lowerBound..<3 * row.pixels.upperBound
          rows.blendPixels(colours.span.extracting(bytes), through: amounts, at: target)
          continue
        }
        switch brush {
        case .ink(let ink) where glyph.coverageStride == 3: rows.blend(ink.level, through: amounts, at: target)
        case .ink(let ink): rows.blendPixels(ink.level, through: amounts, at: target)
        case .colour(let colour, let opacity):
          rows.blendPixels(colour, opacity: opacity, through: amounts, isFine: glyph.coverageStride == 3, at: target)
        }
      }
    }
  }
}
