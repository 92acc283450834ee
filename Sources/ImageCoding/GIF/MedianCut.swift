/// Reduces colours to a palette by Heckbert's median cut: the box with the largest error is cut at its mean, across its longest axis, again
/// and again. A picture of few colours keeps each of them.
struct MedianCut {
  struct Entry {
    let colour: UInt32
    let pixels: UInt32

    fileprivate func channel(_ axis: Int) -> Int { Int(colour >> (16 - 8 * UInt32(axis)) & 0xff) }
  }

  /// The colours, 0xRRGGBB.
  let palette: [UInt32]

  /// - Parameter limit: entries of the palette, at least 1.
  init(_ colours: [Entry], limit: Int) {
    // Sorted, so that the palette does not depend on the order in which colours were found.
    var entries = colours.sorted { $0.colour < $1.colour }
    var boxes = entries.isEmpty ? [] : [Box(entries[...])]
    while boxes.count < limit, let widest = boxes.indices.max(by: { boxes[$0].error < boxes[$1].error }), boxes[widest].error > 0 {
      let range = boxes[widest].range
      let axis = boxes[widest].axis
      entries[range].sort { ($0.channel(axis), $0.colour) < ($1.channel(axis), $1.colour) }
      let cut = boxes[widest].cut(entries[range])
      boxes[widest] = Box(entries[range.lowerBound..<cut])
      boxes.append(Box(entries[cut..<range.upperBound]))
    }
    palette = boxes.map(\.colour)
  }

  private struct Box {
    let range: Range<Int>
    /// The axis along which the colours differ most: 0 red, 1 green, 2 blue.
    let axis: Int
    /// The sum of squared distances from the mean along that axis, over all pixels.
    let error: Double
    private let means: [Double]

    init(_ entries: ArraySlice<Entry>) {
      range = entries.indices
      let spreads = (0..<3).map { Spread(entries, axis: $0) }
      axis = spreads.indices.max { spreads[$0].error < spreads[$1].error } ?? 0
      error = entries.count > 1 ? spreads[axis].error : 0
      means = spreads.map(\.mean)
    }

    var colour: UInt32 { means.reduce(0) { $0 << 8 | UInt32($1.rounded()) } }

    /// The first entry beyond the mean, of entries in the axis's order; neither part is empty.
    func cut(_ entries: ArraySlice<Entry>) -> Int {
      let beyond = entries.firstIndex { Double($0.channel(axis)) > means[axis] } ?? entries.endIndex - 1
      return max(beyond, entries.startIndex + 1)
    }
  }

  private struct Spread {
    let mean: Double
    let error: Double

    init(_ entries: ArraySlice<Entry>, axis: Int) {
      var (pixels, sum, squares) = (0.0, 0.0, 0.0)
      for entry in entries {
        let (value, weight) = (Double(entry.channel(axis)), Double(entry.pixels))
        pixels += weight
        sum += weight * value
        squares += weight * value * value
      }
      mean = sum / max(pixels, 1)
      error = max(squares - sum * mean, 0)
    }
  }
}
