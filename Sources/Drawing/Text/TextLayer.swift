/// Text where it goes on a picture, its letters drawn: what is left is to lay them on rows, band by band.
struct TextLayer {
  struct Letter {
    let glyph: Glyph
    /// Of the glyph's first column and row on the picture.
    let left: Int
    let top: Int
  }

  struct Line {
    /// From left to right.
    let letters: Range<Int>
    /// Of the picture, all that its letters touch.
    let rows: Range<Int>
  }

  /// What it stands on where it needs setting off.
  let panel: RoundedRectangle
  /// Pixels that its shadow falls to the right and down.
  let shadowDistance: Int
  private(set) var letters: [Letter] = []
  private(set) var lines: [Line] = []

  /// - Parameters:
  ///   - panel: its corners are as round as it allows, at most as `radius` says.
  ///   - pixelSize: of the text that will be added.
  init(panel: Box, radius: Int, pixelSize: Int) {
    self.panel = RoundedRectangle(
      columns: Float(panel.columns.lowerBound)...Float(panel.columns.upperBound),
      rows: Float(panel.rows.lowerBound)...Float(panel.rows.upperBound),
      radius: Float(min(radius, panel.height / 2, panel.width / 2)))
    shadowDistance = max(1, pixelSize / 24)
  }

  /// Draws all letters of a text.
  init(_ text: PlacedText, with textRenderer: TextRenderer) {
    self.init(panel: text.panel, radius: text.radius, pixelSize: text.pixelSize)
    for (block, place) in text.blocks { append(block, at: place, with: textRenderer) }
  }

  /// Adds a block's letters where the block goes.
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

  /// Small letters stand on quarters of a pixel, or their distances would look uneven; large ones on whole pixels.
  private static func snap(_ x: Float, pixelSize: Int) -> (whole: Int, quarter: Int) {
    guard pixelSize < 32 else { return (Int(x.rounded()), 0) }
    let quarters = Int((x * 4).rounded())
    return (quarters >> 2, quarters & 3)
  }
}
