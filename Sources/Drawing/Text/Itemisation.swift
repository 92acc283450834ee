/// Cuts a text into runs that can be shaped.
struct Itemisation {
  private(set) var runs: [TextRun] = []
  private(set) var graphemes: [Grapheme] = []

  init(_ text: PlainText, with fonts: FontStack) {
    guard !text.isASCII || !fonts.writesASCII else {
      runs = text.scalars.split(separator: PlainText.newLine).map { TextRun(scalars: $0.indices) }
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
      append(run, isEmoji: grapheme.isEmoji, of: text, with: fonts)
    }
  }

  private mutating func append(_ run: TextRun, isEmoji: Bool, of text: PlainText, with fonts: FontStack) {
    var run = run
    let scalars = text.scalars[run.scalars]
    let last = runs.last.flatMap { $0.scalars.upperBound == run.scalars.lowerBound ? $0 : nil }
    run.face = fonts.face(for: scalars, script: run.script, isEmoji: isEmoji, after: last?.face)
    if let last, last.isLike(run) {
      runs[runs.count - 1].scalars = last.scalars.lowerBound..<run.scalars.upperBound
    } else {
      runs.append(run)
    }
  }

  /// Each grapheme's script. What all scripts share belongs to the one before it; at the beginning, to the one after it.
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
  /// Whether ideographs occur in it, alone or among others.
  fileprivate var isEastAsian: Bool { [.han, .hiragana, .katakana, .hangul, .bopomofo].contains(self) }
}
