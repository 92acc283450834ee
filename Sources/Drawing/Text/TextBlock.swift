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
  var lineCount: Int { lines.count }
  /// Of the longest line.
  let width: Float
  /// From left to right, line by line.
  private(set) var clusters: [PlacedCluster] = []
  /// Which of the clusters are on each line.
  private(set) var lines: [Range<Int>] = []

  init(_ broken: LineBreaker, of text: ShapedText, pixelSize: Int, lineHeight: Int) {
    self.text = text
    self.pixelSize = pixelSize
    self.lineHeight = lineHeight
    width = broken.advance * Float(pixelSize)
    for (index, line) in broken.lines.enumerated() {
      place(line, from: (broken.advance - line.advance) / 2, baseline: index * lineHeight)
    }
  }

  private mutating func place(_ line: LineBreaker.Line, from indent: Float, baseline: Int) {
    let first = clusters.count
    defer { lines.append(first..<clusters.count) }
    var pen = indent
    for index in line.visualOrder(in: text) {
      clusters.append(PlacedCluster(glyphs: text.clusters[index].glyphs, x: pen * Float(pixelSize), baseline: baseline))
      pen += text.clusters[index].advance
    }
  }
}
