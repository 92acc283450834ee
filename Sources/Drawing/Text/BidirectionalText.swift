import CFriBidi

/// Unicode's bidirectional algorithm (UAX #9), as far as it goes before lines are broken: how deep each scalar is embedded.
struct BidirectionalText {
  /// Even: read from left to right; odd: from right to left.
  private(set) var levels: [UInt8]
  /// Of each scalar's paragraph, which is read as its first strong letter.
  private(set) var paragraphLevels: [UInt8]

  /// - Parameter text: paragraphs that end with newlines.
  init(_ text: PlainText) {
    levels = Array(repeating: 0, count: text.scalars.count)
    paragraphLevels = levels
    for paragraph in text.scalars.split(separator: PlainText.newLine) { resolve(paragraph) }
  }

  private mutating func resolve(_ paragraph: ArraySlice<UInt32>) {
    let count = Int32(paragraph.count)
    var types = [FriBidiCharType](repeating: FriBidiCharType(0), count: paragraph.count)
    var brackets = [FriBidiBracketType](repeating: 0, count: paragraph.count)
    var embedding = [FriBidiLevel](repeating: 0, count: paragraph.count)
    var direction = FriBidiParType(UInt32(cfribidi_first_strong))
    let highest = unsafe paragraph.withUnsafeBufferPointer { scalars in
      unsafe fribidi_get_bidi_types(scalars.baseAddress, count, &types)
      unsafe fribidi_get_bracket_types(scalars.baseAddress, count, types, &brackets)
      return unsafe fribidi_get_par_embedding_levels_ex(types, brackets, count, &direction, &embedding)
    }
    guard highest > 0 else { return }  // Out of memory: it is read from left to right.
    // FriBidi's directions have their lowest bit set where they are from right to left, as levels have.
    for (index, level) in zip(paragraph.indices, embedding) {
      levels[index] = UInt8(clamping: level)
      paragraphLevels[index] = UInt8(direction.rawValue & 1)
    }
  }
}

extension LineBreaker.Line {
  /// A line's clusters from left to right: rule L2 of the bidirectional algorithm (UAX #9).
  func visualOrder(in text: ShapedText) -> [Int] {
    var order = Array(clusters)
    var levels = order.map { text.clusters[$0].level }
    if isCut {
      order.append(ShapedText.ellipsis)
      levels.append(isRightToLeft ? 1 : 0)
    }
    let highest = levels.max() ?? 0
    guard let lowest = levels.filter({ !$0.isMultiple(of: 2) }).min() else { return order }
    for level in (lowest...highest).reversed() {
      for run in levels.runs(where: { $0 >= level }) {
        order[run].reverse()
        levels[run].reverse()
      }
    }
    return order
  }
}

extension Array {
  /// The longest stretches whose every element satisfies a predicate.
  fileprivate func runs(where predicate: (Element) -> Bool) -> [Range<Int>] {
    indices.filter { predicate(self[$0]) }.reduce(into: []) { runs, index in
      if let last = runs.last, last.upperBound == index {
        runs[runs.count - 1] = last.lowerBound..<index + 1
      } else {
        runs.append(index..<index + 1)
      }
    }
  }
}
