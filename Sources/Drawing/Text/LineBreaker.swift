/// Breaks a text into lines of at most one width, each as full as can be. Lengths are in ems.
struct LineBreaker {
  /// Clusters that stand side by side: a word, or as much of one as the line had room for.
  struct Piece {
    var clusters: Range<Int>
    var advance: Float
    /// What lies between it and the piece before it.
    var gap: Float
    let isRightToLeft: Bool
  }

  struct Line {
    var pieces: Range<Int>
    var advance: Float
    /// Of the paragraph: as its first word is read.
    let isRightToLeft: Bool
  }

  private(set) var pieces: [Piece] = []
  private(set) var lines: [Line] = []
  /// Whether a word was too long for a line.
  private(set) var hasBrokenWord = false

  private let text: ShapedText
  private let width: Float
  private var isRightToLeft = false

  /// - Parameter words: which of the text's words to break into lines; all if nil.
  init(_ text: ShapedText, words: Range<Int>? = nil, width: Float) {
    self.text = text
    self.width = width
    for word in text.words[words ?? text.words.indices] { append(word) }
  }

  /// Adds the lines of the words that follow.
  mutating func append(_ other: LineBreaker) {
    let moved = pieces.count
    pieces += other.pieces
    lines += other.lines.map { line in
      var line = line
      line.pieces = line.pieces.lowerBound + moved..<line.pieces.upperBound + moved
      return line
    }
    hasBrokenWord = hasBrokenWord || other.hasBrokenWord
  }

  private mutating func append(_ word: ShapedText.Word) {
    if lines.isEmpty || word.gap == .newLine || word.gap == .emptyLine { isRightToLeft = word.isRightToLeft }
    switch word.gap {
    case .newLine where !lines.isEmpty: beginLine()
    case .emptyLine:
      beginLine()
      beginLine()
    case .none, .blank, .newLine: break
    }
    let gap = word.gap == .blank && lines.last?.pieces.isEmpty == false ? text.blank : 0
    if (lines.last?.advance ?? 0) + gap + word.advance <= width {
      append(Piece(clusters: word.clusters, advance: word.advance, gap: gap, isRightToLeft: word.isRightToLeft))
    } else if word.advance <= width {
      beginLine()
      append(Piece(clusters: word.clusters, advance: word.advance, gap: 0, isRightToLeft: word.isRightToLeft))
    } else {
      appendBroken(word)
    }
  }

  /// Fills lines of its own with a word that is longer than a line; a line takes at least one cluster.
  private mutating func appendBroken(_ word: ShapedText.Word) {
    hasBrokenWord = true
    if lines.last?.pieces.isEmpty == false { beginLine() }
    var piece = Piece(clusters: word.clusters.lowerBound..<word.clusters.lowerBound, advance: 0, gap: 0, isRightToLeft: word.isRightToLeft)
    for cluster in word.clusters {
      let advance = text.clusters[cluster].advance
      if piece.advance + advance > width, !piece.clusters.isEmpty {
        append(piece)
        beginLine()
        piece.clusters = cluster..<cluster
        piece.advance = 0
      }
      piece.clusters = piece.clusters.lowerBound..<cluster + 1
      piece.advance += advance
    }
    append(piece)
  }

  private mutating func beginLine() {
    lines.append(Line(pieces: pieces.count..<pieces.count, advance: 0, isRightToLeft: isRightToLeft))
  }

  private mutating func append(_ piece: Piece) {
    if lines.isEmpty { beginLine() }
    let last = lines.count - 1
    pieces.append(piece)
    lines[last].pieces = lines[last].pieces.lowerBound..<pieces.count
    lines[last].advance += piece.gap + piece.advance
  }

  /// Leaves out what follows the first lines, and says so by an ellipsis at the end of the last one.
  mutating func truncate(to count: Int) {
    guard count > 0, lines.count > count else { return }
    lines.removeSubrange(count...)
    var line = lines.removeLast()
    let ellipsis = text.clusters[ShapedText.ellipsis]
    pieces.removeSubrange(line.pieces.upperBound...)
    while line.advance + ellipsis.advance > width, let piece = pieces.indices.last, piece >= line.pieces.lowerBound {
      dropLastCluster(of: piece, in: &line)
    }
    lines.append(line)
    let place = ShapedText.ellipsis..<ShapedText.ellipsis + 1
    append(Piece(clusters: place, advance: ellipsis.advance, gap: 0, isRightToLeft: pieces.last?.isRightToLeft ?? false))
  }

  /// Drops the piece as well once it is empty, so that each call gets nearer to an empty line.
  private mutating func dropLastCluster(of piece: Int, in line: inout Line) {
    if let cluster = pieces[piece].clusters.popLast() {
      let advance = text.clusters[cluster].advance
      pieces[piece].advance -= advance
      line.advance -= advance
    }
    guard pieces[piece].clusters.isEmpty else { return }
    line.advance -= pieces[piece].gap
    line.pieces = line.pieces.dropLast()
    pieces.remove(at: piece)
  }
}
