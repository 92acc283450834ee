/// What a reader takes for one character (UAX #29): a letter with its marks, a flag, a family.
struct Grapheme {
  var scalars: Range<Int>
  /// Whether it is meant to be a small picture in colours.
  let isEmoji: Bool

  /// All graphemes of a text.
  static func all(of text: PlainText) -> [Grapheme] {
    let string = String(String.UnicodeScalarView(text.scalars.compactMap(Unicode.Scalar.init)))
    var start = 0
    return string.map { character in
      let scalars = character.unicodeScalars
      defer { start += scalars.count }
      return Grapheme(scalars: start..<start + scalars.count, isEmoji: scalars.areEmoji)
    }
  }
}

extension Character.UnicodeScalarView {
  /// By the rules of UTS #51: what is an emoji unless told otherwise, and what is told to be one.
  fileprivate var areEmoji: Bool {
    guard let first, first.value > 0x7F || count > 1, first.properties.isEmoji else { return false }
    guard count > 1 else { return first.properties.isEmojiPresentation }
    if contains(Self.textStyle) { return false }
    return first.properties.isEmojiPresentation
      || dropFirst().contains { $0 == Self.emojiStyle || $0.properties.isEmojiModifier }
  }

  private static let textStyle: Unicode.Scalar = "\u{FE0E}"
  private static let emojiStyle: Unicode.Scalar = "\u{FE0F}"
}
