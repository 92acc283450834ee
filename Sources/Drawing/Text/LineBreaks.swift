import CUnibreak

/// Where Unicode's line breaking algorithm (UAX #14) lets a line end.
struct LineBreaks {
  private let kinds: [CChar]

  /// - Parameter graphemes: what the text consists of. libunibreak knows the characters of Unicode 6.2, which has no emoji sequences, so
  ///   it is shown stand-ins of the class that they have today: an ideograph, and marks upon it.
  init(_ text: PlainText, graphemes: [Grapheme] = []) {
    var scalars = text.scalars
    for grapheme in graphemes where grapheme.isEmoji {
      for index in grapheme.scalars { scalars[index] = Self.mark }
      scalars[grapheme.scalars.lowerBound] = Self.ideograph
    }
    self.init(scalars)
  }

  private init(_ scalars: [UInt32]) {
    var kinds = [CChar](repeating: 0, count: scalars.count)
    Self.library
    unsafe set_linebreaks_utf32(scalars, scalars.count, nil, &kinds)
    self.kinds = kinds
  }

  /// Whether a line may end before a scalar that is not the first.
  func allowsBreak(before scalar: Int) -> Bool { kinds[scalar - 1] != CChar(LINEBREAK_NOBREAK) }

  /// Builds an index of its tables, once.
  private static let library: Void = init_linebreak()
  private static let ideograph: UInt32 = 0x4E00
  private static let mark: UInt32 = 0x0300
}
