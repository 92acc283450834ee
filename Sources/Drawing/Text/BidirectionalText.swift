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
