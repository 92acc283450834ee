/// Breaks a text into lines of at most one width, each as full as can be. Lengths are in ems.
struct LineBreaker {
  struct Line {
    /// In reading order, without blanks at the end.
    var clusters: Range<Int>
    var advance: Float
    /// Whether an ellipsis stands for what follows.
    var isCut = false
    /// Of the paragraph.
    let isRightToLeft: Bool
  }

  private(set) var lines: [Line] = []
  /// Whether a word was too long for a line.
  private(set) var hasBrokenWord = false

  private let text: ShapedText
  private let width: Float
  /// Of the blanks behind the last word.
  private var space: Float = 0

  /// - Parameter words: which of the text's words to break into lines; all if nil.
  init(_ text: ShapedText, words: Range<Int>? = nil, width: Float) {
    self.text = text
    self.width = width
    for word in text.words[words ?? text.words.indices] { append(word) }
  }

  /// Of the longest line; more than the width only where a single cluster is.
  var advance: Float { lines.reduce(0) { max($0, $1.advance) } }

  /// Adds the lines of the words that follow.
  mutating func append(_ other: LineBreaker) {
    lines += other.lines
    hasBrokenWord = hasBrokenWord || other.hasBrokenWord
  }

  private mutating func append(_ word: ShapedText.Word) {
    if lines.isEmpty || word.start != .sameLine { beginLine(with: word) }
    if word.start == .emptyLine { beginLine(with: word) }
    defer { space = word.space }
    if lines[lines.count - 1].advance + space + word.advance <= width {
      extend(by: word.clusters, advance: word.advance)
    } else if word.advance <= width {
      beginLine(with: word)
      extend(by: word.clusters, advance: word.advance)
    } else {
      appendBroken(word)
    }
  }

  /// Fills lines of its own with a word that is longer than a line; a line takes at least one cluster.
  private mutating func appendBroken(_ word: ShapedText.Word) {
    hasBrokenWord = true
    if lines.last?.clusters.isEmpty == false { beginLine(with: word) }
    for cluster in word.clusters {
      let (advance, line) = (text.clusters[cluster].advance, lines[lines.count - 1])
      if line.advance + advance > width, !line.clusters.isEmpty { beginLine(with: word) }
      extend(by: cluster..<cluster + 1, advance: advance)
    }
  }

  private mutating func beginLine(with word: ShapedText.Word) {
    let start = word.clusters.lowerBound
    lines.append(Line(clusters: start..<start, advance: 0, isRightToLeft: word.isRightToLeft))
    space = 0
  }

  private mutating func extend(by clusters: Range<Int>, advance: Float) {
    let last = lines.count - 1
    let start = lines[last].clusters.isEmpty ? clusters.lowerBound : lines[last].clusters.lowerBound
    lines[last].clusters = start..<clusters.upperBound
    lines[last].advance += space + advance
    space = 0
  }

  /// Leaves out what follows the first lines, and says so by an ellipsis at the end of the last one.
  mutating func truncate(to count: Int) {
    guard count > 0, lines.count > count else { return }
    lines.removeSubrange(count...)
    let ellipsis = text.clusters[ShapedText.ellipsis].advance
    lines[count - 1].dropClusters(of: text) { line, last in line.advance + ellipsis > width || last.isBlank }
    lines[count - 1].advance += ellipsis
    lines[count - 1].isCut = true
  }
}

extension LineBreaker.Line {
  /// Drops clusters from the end as long as need be.
  fileprivate mutating func dropClusters(of text: ShapedText, while isNeeded: (Self, ShapedText.Cluster) -> Bool) {
    while let last = clusters.last, isNeeded(self, text.clusters[last]) {
      clusters = clusters.dropLast()
      advance -= text.clusters[last].advance
    }
  }
}
