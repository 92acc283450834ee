/// One line of a block of text, as characters.
struct VectorLine {
  let text: String
  /// The column of its left end and its width, in pixels.
  let x: Float
  let width: Float
  let baseline: Int
  let isRightToLeft: Bool

  /// The lines of a text. Blocks on the same baseline are one line, so that the watermark is found and copied as a whole. A block that is
  /// read from right to left stays apart, because it would change places with its neighbour.
  static func lines(of text: PlacedText) -> [VectorLine] {
    text.blocks.flatMap { lines(of: $0.block, at: $0.place) }.reduce(into: []) { lines, next in
      if let last = lines.last, last.baseline == next.baseline, !last.isRightToLeft, !next.isRightToLeft {
        lines[lines.count - 1] = VectorLine(
          text: "\(last.text) \(next.text)", x: last.x, width: next.x + next.width - last.x, baseline: last.baseline, isRightToLeft: false)
      } else {
        lines.append(next)
      }
    }
  }

  /// The lines of a block.
  ///
  /// - Parameter place: the place of the block.
  private static func lines(of block: TextBlock, at place: TextPlace) -> [VectorLine] {
    let text = block.text
    let clusters = Dictionary(
      text.clusters.indices.filter { !text.clusters[$0].glyphs.isEmpty }.map { (text.clusters[$0].glyphs.lowerBound, $0) },
      uniquingKeysWith: { first, _ in first })
    let byBaseline = Dictionary(grouping: block.clusters, by: \.baseline)
    return byBaseline.keys.sorted().compactMap { baseline in
      let placed = (byBaseline[baseline] ?? []).compactMap { cluster in clusters[cluster.glyphs.lowerBound].map { (cluster, $0) } }
      return line(placed.filter { !$0.0.glyphs.isEmpty }, of: block, at: place)
    }
  }

  private static func line(
    _ placed: [(cluster: TextBlock.PlacedCluster, index: Int)], of block: TextBlock, at place: TextPlace
  ) -> VectorLine? {
    let text = block.text
    let words = placed.map(\.index).filter { $0 != ShapedText.ellipsis && $0 != text.hyphen }
    guard let first = words.min(), let last = words.max(), let left = placed.map(\.cluster.x).min() else { return nil }
    let next = text.clusters.indices.contains(last + 1) ? text.clusters[last + 1].scalar : text.scalars.count
    let scalars = text.scalars[text.clusters[first].scalar..<min(max(next, text.clusters[last].scalar), text.scalars.count)]
    let end = placed.contains { $0.index == ShapedText.ellipsis } ? "…" : words.count < placed.count ? "-" : ""
    let right = placed.map { $0.cluster.x + text.clusters[$0.index].advance * Float(block.pixelSize) }.max() ?? left
    return VectorLine(
      text: scalars.filter { $0 != PlainText.softHyphen }.compactMap(Unicode.Scalar.init).map(String.init).joined() + end,
      x: place.left + left, width: right - left, baseline: place.baseline + placed[0].cluster.baseline,
      isRightToLeft: text.words.first { $0.clusters.contains(first) }?.isRightToLeft ?? false)
  }
}
