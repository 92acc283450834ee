/// A text at its final size, in lines. Lengths are in pixels, counted from the left end of the first line's baseline.
struct TextBlock {
  struct PlacedCluster {
    let glyphs: Range<Int>
    let x: Float
    let baseline: Int
  }

  let text: ShapedText
  let pixelSize: Int
  let lineHeight: Int
  let lineCount: Int
  /// Of the longest line.
  let width: Float
  private(set) var clusters: [PlacedCluster] = []

  init(_ broken: LineBreaker, of text: ShapedText, pixelSize: Int, lineHeight: Int) {
    self.text = text
    self.pixelSize = pixelSize
    self.lineHeight = lineHeight
    lineCount = broken.lines.count
    let longest = broken.lines.reduce(0) { max($0, $1.advance) }
    width = longest * Float(pixelSize)
    for (index, line) in broken.lines.enumerated() {
      let pieces = broken.pieces[line.pieces].inVisualOrder(isRightToLeft: line.isRightToLeft)
      place(pieces, from: (longest - line.advance) / 2, baseline: index * lineHeight)
    }
  }

  private mutating func place(_ pieces: [LineBreaker.Piece], from indent: Float, baseline: Int) {
    var pen = indent
    for piece in pieces {
      pen += piece.gap
      for step in 0..<piece.clusters.count {
        let index = piece.isRightToLeft ? piece.clusters.upperBound - 1 - step : piece.clusters.lowerBound + step
        clusters.append(PlacedCluster(glyphs: text.clusters[index].glyphs, x: pen * Float(pixelSize), baseline: baseline))
        pen += text.clusters[index].advance
      }
    }
  }
}
