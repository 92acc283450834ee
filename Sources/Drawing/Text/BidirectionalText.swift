import CFriBidi

/// The part of Unicode's bidirectional algorithm (UAX #9) that comes before line breaking: the embedding level of each scalar.
struct BidirectionalText {
  /// The level of each scalar: even ones are read from left to right, odd ones from right to left.
  private(set) var levels: [UInt8]
  /// The level of each scalar's paragraph, which follows from its first strong letter.
  private(set) var paragraphLevels: [UInt8]

  /// - Parameter text: paragraphs separated by newlines.
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
    guard highest > 0 else { return }  // Out of memory: the text is read from left to right.
    // The lowest bit of FriBidi's directions means right to left, as in levels.
    for (index, level) in zip(paragraph.indices, embedding) {
      levels[index] = UInt8(clamping: level)
      paragraphLevels[index] = UInt8(direction.rawValue & 1)
    }
  }
}

extension LineBreaker.Line {
  /// The clusters of the line from left to right, by rule L2 of the bidirectional algorithm (UAX #9).
  func visualOrder(in text: ShapedText) -> [Int] {
    var order = Array(clusters)
    var levels = order.map { text.clusters[$0].level }
    if isHyphenated, let hyphen = text.hyphen, let level = levels.last {
      order.append(hyphen)
      levels.append(level)
    }
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
  func runs(where predicate: (Element) -> Bool) -> [Range<Int>] {
    indices.filter { predicate(self[$0]) }.reduce(into: []) { runs, index in
      if let last = runs.last, last.upperBound == index {
        runs[runs.count - 1] = last.lowerBound..<index + 1
      } else {
        runs.append(index..<index + 1)
      }
    }
  }
}
