/// Breaks a text into lines of a given width, each as full as possible. Lengths are in ems.
struct LineBreaker {
  struct Line {
    /// The clusters in reading order, without blanks at the end.
    var clusters: Range<Int>
    var advance: Float
    /// Whether the line ends with an ellipsis.
    var isCut = false
    /// Whether the line ends in a word at a soft hyphen, which is shown.
    var isHyphenated = false
    /// The direction of the paragraph.
    let isRightToLeft: Bool
  }

  private(set) var lines: [Line] = []
  /// Whether a word was too long for a line.
  private(set) var hasBrokenWord = false

  private let text: ShapedText
  private let width: Float
  /// The width of the blanks after the last word.
  private var space: Float = 0
  /// The width of the hyphen that the last word shows if its line ends here.
  private var hyphen: Float = 0

  /// - Parameter words: the words to break into lines; nil for all.
  init(_ text: ShapedText, words: Range<Int>? = nil, width: Float) {
    self.text = text
    self.width = width
    for word in text.words[words ?? text.words.indices] { append(word) }
    endLine()
  }

  /// The length of the longest line. It exceeds the width only if a single cluster does.
  var advance: Float { lines.reduce(0) { max($0, $1.advance) } }

  /// Adds lines that follow.
  mutating func append(_ other: LineBreaker) {
    lines += other.lines
    hasBrokenWord = hasBrokenWord || other.hasBrokenWord
  }

  private mutating func append(_ word: ShapedText.Word) {
    if lines.isEmpty || word.start != .sameLine { beginLine(with: word) }
    if word.start == .emptyLine { beginLine(with: word) }
    defer { (space, hyphen) = (word.space, word.hyphen) }
    if lines[lines.count - 1].advance + space + word.advance + word.hyphen <= width {
      extend(by: word.clusters, advance: word.advance)
    } else if word.advance + word.hyphen <= width {
      beginLine(with: word)
      extend(by: word.clusters, advance: word.advance)
    } else {
      appendBroken(word)
    }
  }

  /// Breaks a word that is longer than a line into lines of its own. Each line takes at least one cluster.
  private mutating func appendBroken(_ word: ShapedText.Word) {
    hasBrokenWord = true
    if lines.last?.clusters.isEmpty == false { beginLine(with: word) }
    // The soft hyphen itself is a cluster without width.
    let last = word.clusters.last { text.clusters[$0].advance > 0 }
    for cluster in word.clusters {
      let (advance, line) = (text.clusters[cluster].advance, lines[lines.count - 1])
      let hyphen = cluster == last ? word.hyphen : 0
      if line.advance + advance + hyphen > width, !line.clusters.isEmpty { beginLine(with: word) }
      extend(by: cluster..<cluster + 1, advance: advance)
    }
  }

  private mutating func beginLine(with word: ShapedText.Word) {
    endLine()
    let start = word.clusters.lowerBound
    lines.append(Line(clusters: start..<start, advance: 0, isRightToLeft: word.isRightToLeft))
    space = 0
  }

  /// Shows the hyphen of the last word.
  private mutating func endLine() {
    guard hyphen > 0 else { return }
    lines[lines.count - 1].isHyphenated = true
    lines[lines.count - 1].advance += hyphen
    hyphen = 0
  }

  private mutating func extend(by clusters: Range<Int>, advance: Float) {
    let last = lines.count - 1
    let start = lines[last].clusters.isEmpty ? clusters.lowerBound : lines[last].clusters.lowerBound
    lines[last].clusters = start..<clusters.upperBound
    lines[last].advance += space + advance
    space = 0
  }

  /// Keeps the first lines, and ends the last of them with an ellipsis if any were dropped.
  mutating func truncate(to count: Int) {
    guard count > 0, lines.count > count else { return }
    lines.removeSubrange(count...)
    let ellipsis = text.clusters[ShapedText.ellipsis].advance
    if lines[count - 1].isHyphenated, let hyphen = text.hyphen {
      lines[count - 1].isHyphenated = false
      lines[count - 1].advance -= text.clusters[hyphen].advance
    }
    lines[count - 1].dropClusters(of: text) { line, last in line.advance + ellipsis > width || last.isBlank }
    lines[count - 1].advance += ellipsis
    lines[count - 1].isCut = true
  }
}

extension LineBreaker.Line {
  /// Drops clusters from the end while a condition holds.
  fileprivate mutating func dropClusters(of text: ShapedText, while isNeeded: (Self, ShapedText.Cluster) -> Bool) {
    while let last = clusters.last, isNeeded(self, text.clusters[last]) {
      clusters = clusters.dropLast()
      advance -= text.clusters[last].advance
    }
  }
}
