import CUnibreak

/// Where Unicode's line breaking algorithm (UAX #14) lets a line end.
struct LineBreaks {
  private let kinds: [CChar]

  /// - Parameter graphemes: what the text consists of; may be left out for ASCII.
  init(_ text: PlainText, graphemes: [Grapheme] = []) {
    var scalars = text.isASCII ? text.scalars : text.scalars.map(Self.standIn)
    for grapheme in graphemes where grapheme.isEmoji {
      for index in grapheme.scalars { scalars[index] = Self.mark }
      scalars[grapheme.scalars.lowerBound] = Self.ideograph
    }
    var kinds = [CChar](repeating: 0, count: scalars.count)
    Self.library
    unsafe set_linebreaks_utf32(scalars, scalars.count, nil, &kinds)
    self.kinds = kinds
  }

  /// libunibreak 1.1 knows the characters of Unicode 6.2. What it has no rule for would end the process by an assertion: it is shown
  /// characters that break as those do today, and emoji as an ideograph with marks upon it.
  private static func standIn(for scalar: UInt32) -> UInt32 {
    switch scalar {
    case 0xFFFF: 0xFFFD  // No character; the library's own sign of the text's end.
    case 0x1F1E6...0x1F1FF: ideograph  // Letters of flags.
    default: scalar
    }
  }

  /// Whether a line may end before a scalar that is not the first.
  func allowsBreak(before scalar: Int) -> Bool { kinds[scalar - 1] != CChar(LINEBREAK_NOBREAK) }

  /// Builds an index of its tables, once.
  private static let library: Void = init_linebreak()
  private static let ideograph: UInt32 = 0x4E00
  private static let mark: UInt32 = 0x0300
}
