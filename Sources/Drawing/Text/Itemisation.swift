/// Cuts a text into runs that can be shaped.
struct Itemisation {
  private(set) var runs: [TextRun] = []
  private(set) var graphemes: [Grapheme] = []

  init(_ text: PlainText, with fonts: FontStack, role: TextRole = .prompt) {
    guard !text.isASCII || !fonts.writesASCII else {
      runs = text.scalars.split(separator: PlainText.newLine).map { TextRun(scalars: $0.indices, face: fonts.first(for: role)) }
      return
    }
    graphemes = Grapheme.all(of: text)
    let bidirectional = BidirectionalText(text)
    let scripts = Self.scripts(of: graphemes, in: text)
    let language = Language(writtenIn: Set(scripts))
    for (grapheme, script) in zip(graphemes, scripts) {
      let start = grapheme.scalars.lowerBound
      if text.scalars[start] == PlainText.newLine { continue }
      let run = TextRun(
        scalars: grapheme.scalars, level: bidirectional.levels[start], paragraphLevel: bidirectional.paragraphLevels[start],
        script: script, language: script.isEastAsian ? language : .any)
      append(run, isEmoji: grapheme.isEmoji, of: text, with: fonts, role: role)
    }
  }

  private mutating func append(_ run: TextRun, isEmoji: Bool, of text: PlainText, with fonts: FontStack, role: TextRole) {
    var run = run
    let scalars = text.scalars[run.scalars]
    let last = runs.last.flatMap { $0.scalars.upperBound == run.scalars.lowerBound ? $0 : nil }
    run.face = fonts.face(for: scalars, script: run.script, isEmoji: isEmoji, role: role, after: last?.face)
    if let last, last.isLike(run) {
      runs[runs.count - 1].scalars = last.scalars.lowerBound..<run.scalars.upperBound
    } else {
      runs.append(run)
    }
  }

  /// The script of each grapheme. A grapheme of no particular script takes that of the grapheme before it, or, at the beginning, of the one
  /// after it.
  private static func scripts(of graphemes: [Grapheme], in text: PlainText) -> [Script] {
    let own = graphemes.map { Script(of: text.scalars[$0.scalars.lowerBound]) }
    var script = own.first { !$0.isShared } ?? .latin
    return own.map { next in
      if !next.isShared { script = next }
      return script
    }
  }
}

extension Script {
  /// Whether text in the script may contain ideographs.
  fileprivate var isEastAsian: Bool { [.han, .hiragana, .katakana, .hangul, .bopomofo].contains(self) }
}

/// A part of a text that is shaped at once: it has one direction, one script, one language and one typeface.
struct TextRun {
  var scalars: Range<Int>
  /// The number of the face in the ``FontStack``.
  var face: UInt8 = 0
  /// See ``ShapedText/Cluster/level``.
  var level: UInt8 = 0
  /// The level of the paragraph.
  var paragraphLevel: UInt8 = 0
  var script = Script.latin
  var language = Language.any

  var isRightToLeft: Bool { !level.isMultiple(of: 2) }

  /// Whether both can be shaped at once if they are adjacent.
  func isLike(_ other: TextRun) -> Bool {
    (face, level, paragraphLevel, script, language)
      == (other.face, other.level, other.paragraphLevel, other.script, other.language)
  }
}

/// A character as a reader sees it (UAX #29): a letter with its marks, a flag, a family.
struct Grapheme {
  var scalars: Range<Int>
  /// Whether it is shown as a small picture in colours.
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
  /// Whether the scalars are shown as an emoji by the rules of UTS #51: by default, or because a selector or modifier says so.
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
