import CUnibreak

/// The places at which Unicode's line breaking algorithm (UAX #14) lets a line end.
struct LineBreaks {
  private var kinds: [CChar]

  /// - Parameter graphemes: the graphemes of the text; not needed for ASCII.
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
    if !text.isASCII {
      allowBreaksBetweenSyllables(of: scalars)
      allowBreaksAtSoftHyphens(of: scalars)
    }
  }

  /// Allows breaks between the words of Thai and before the syllables of Lao that begin with their vowel. UAX #14 leaves both to
  /// dictionaries, because neither script has blanks between words.
  private mutating func allowBreaksBetweenSyllables(of scalars: [UInt32]) {
    for run in scalars.runs(where: ThaiWords.contains) {
      for start in ThaiWords.starts(in: scalars[run]) { kinds[start - 1] = CChar(LINEBREAK_ALLOWBREAK) }
    }
    for index in scalars.indices.dropFirst() where Self.laoLeadingVowels.contains(scalars[index]) && Self.lao.contains(scalars[index - 1]) {
      kinds[index - 1] = CChar(LINEBREAK_ALLOWBREAK)
    }
  }

  /// Allows breaks at soft hyphens before Hebrew letters, as UAX #14 does since Unicode 16 (LB21a). libunibreak 6 follows an earlier version.
  private mutating func allowBreaksAtSoftHyphens(of scalars: [UInt32]) {
    for index in scalars.indices.dropFirst() where Self.hebrew.contains(scalars[index]) && scalars[index - 1] == PlainText.softHyphen {
      kinds[index - 1] = CChar(LINEBREAK_ALLOWBREAK)
    }
  }

  /// libunibreak 1.1 knows the characters of Unicode 6.2, and an assertion ends the process at characters for which it has no rule. Those
  /// are replaced by characters that break like them, and emoji by an ideograph with marks.
  private static func standIn(for scalar: UInt32) -> UInt32 {
    switch scalar {
    case 0xFFFF: 0xFFFD  // Not a character: the library's own end-of-text marker.
    case 0x1F1E6...0x1F1FF: ideograph  // The letters of flags.
    default: scalar
    }
  }

  /// Whether a line may end before a scalar that is not the first.
  func allowsBreak(before scalar: Int) -> Bool { kinds[scalar - 1] != CChar(LINEBREAK_NOBREAK) }

  /// Initializes the library once: it builds an index of its tables.
  private static let library: Void = init_linebreak()
  private static let lao: ClosedRange<UInt32> = 0x0E80...0x0EFF
  private static let laoLeadingVowels: ClosedRange<UInt32> = 0x0EC0...0x0EC4
  private static let hebrew: ClosedRange<UInt32> = 0x05D0...0x05F2
  private static let ideograph: UInt32 = 0x4E00
  private static let mark: UInt32 = 0x0300
}
