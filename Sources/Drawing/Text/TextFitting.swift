import Glibc

/// Finds the size and the line breaks at which a text fits best in a box.
struct TextFitting {
  let text: ShapedText
  /// The size of the box, in pixels.
  let width: Int
  let height: Int
  /// Pixels per em: from the smallest readable size to the largest that looks good.
  let sizes: ClosedRange<Int>
  /// Lines at most.
  var mostLines = Int.max
  /// Where lines begin that are shorter than the longest: 0 at its left end, 0.5 in the middle, 1 so that they end with it.
  var alignment: Float = 0.5

  init(text: ShapedText, width: Int, height: Int, sizes: ClosedRange<Int>) {
    (self.text, self.width, self.height) = (text, width, height)
    self.sizes = sizes.lowerBound...max(sizes.lowerBound, min(sizes.upperBound, text.largestSize))
  }

  /// The text as large as the box allows, in lines of similar length. Words are broken only if they would be too small otherwise. A text
  /// that is too long even at the smallest size ends with an ellipsis. Nil if there is nothing to draw or no room for a line.
  func block() -> TextBlock? {
    guard !text.words.isEmpty, lineLimit(sizes.lowerBound) > 0, width >= sizes.lowerBound else { return nil }
    if let size = largestSize(whereWordsBreak: false), size >= comfortable || !fits(comfortable, breakingWords: true) {
      return balanced(size)
    }
    if let size = largestSize(whereWordsBreak: true) { return balanced(size) }
    return truncated(sizes.lowerBound, lineLimit: lineLimit(sizes.lowerBound))
  }

  /// The distance from one baseline to the next: more than usual if a script is taller than Latin.
  func lineHeight(_ size: Int) -> Int { Int((Float(size) * max(text.ascent + text.descent, 1.15)).rounded(.up)) }

  /// The size below which words are broken rather than set smaller.
  private var comfortable: Int { max(sizes.lowerBound, sizes.upperBound / 4) }

  /// The largest size of a text with a number of lines: two have four fifths of one's, and eight half of it.
  private func largest(ofLines count: Int) -> Int {
    max(sizes.lowerBound, Int((Float(sizes.upperBound) * powf(Float(max(count, 1)), -1 / 3)).rounded()))
  }

  private func lineLimit(_ size: Int) -> Int {
    let (line, room) = (lineHeight(size), height - Int((Float(size) * (text.ascent + text.descent)).rounded(.up)))
    // Even without room for stacked marks, there may be room for the letters under them.
    guard room >= 0 else { return Float(height) >= (Float(size) * text.letterHeight).rounded(.up) ? 1 : 0 }
    return min(1 + room / line, mostLines)
  }

  private func broken(_ size: Int) -> LineBreaker { LineBreaker(text, width: Float(width) / Float(size)) }

  private func fits(_ size: Int, breakingWords: Bool) -> Bool {
    let broken = broken(size)
    guard size <= largest(ofLines: broken.lines.count) else { return false }
    return broken.lines.count <= lineLimit(size) && broken.advance * Float(size) <= Float(width) && (breakingWords || !broken.hasBrokenWord)
  }

  private func largestSize(whereWordsBreak breakingWords: Bool) -> Int? {
    let sizes = Self.sizes.filter(self.sizes.contains)
    let fitting = sizes.partitioningIndex { !fits($0, breakingWords: breakingWords) }
    return fitting > 0 ? sizes[fitting - 1] : nil
  }

  /// The sizes to try: few enough that glyphs are found in the cache again, and close enough to look continuous.
  private static let sizes = Array(5..<24) + Array(stride(from: 24, to: 48, by: 2)) + Array(stride(from: 48, through: 512, by: 4))

  /// The size to try that is nearest to another one, in pixels.
  static func nearestSize(to size: Float) -> Int { sizes.min { abs(Float($0) - size) < abs(Float($1) - size) }! }

  private func balanced(_ size: Int) -> TextBlock {
    var lines = LineBreaker(text, words: 0..<0, width: 0)
    for paragraph in text.paragraphs { lines.append(balanced(paragraph, width: Float(width) / Float(size))) }
    return TextBlock(lines, of: text, pixelSize: size, lineHeight: lineHeight(size), alignment: alignment)
  }

  /// Sets a paragraph in as few and as narrow lines as possible, so that the last line is not a single word.
  private func balanced(_ paragraph: Range<Int>, width: Float) -> LineBreaker {
    let full = LineBreaker(text, words: paragraph, width: width)
    guard full.lines.count > 1 else { return full }
    let narrow = narrowest(paragraph, as: full, width: width)
    return narrow.hasBrokenWord ? narrow : leastRagged(paragraph, as: narrow)
  }

  private func narrowest(_ paragraph: Range<Int>, as full: LineBreaker, width: Float) -> LineBreaker {
    var (narrow, wide, best) = (Float(0), width, full)
    for _ in 0..<8 {
      let candidate = LineBreaker(text, words: paragraph, width: (narrow + wide) / 2)
      if candidate.lines.count <= full.lines.count, candidate.hasBrokenWord == full.hasBrokenWord {
        (best, wide) = (candidate, (narrow + wide) / 2)
      } else {
        narrow = (narrow + wide) / 2
      }
    }
    return best
  }

  /// Sets the same words in as many lines, none of them longer, and none in the middle much shorter.
  private func leastRagged(_ paragraph: Range<Int>, as narrow: LineBreaker) -> LineBreaker {
    // An empty line before the paragraph holds none of its words.
    let count = narrow.lines.count { !$0.clusters.isEmpty }
    let balanced = BalancedLines(text.words[paragraph], width: narrow.advance, count: count)
    var lines = LineBreaker(text, words: 0..<0, width: 0)
    for words in balanced.lines { lines.append(LineBreaker(text, words: words, width: .infinity)) }
    return lines
  }

  /// One line at the smallest size. A text that is too long ends with an ellipsis.
  func line() -> TextBlock { truncated(sizes.lowerBound, lineLimit: 1) }

  private func truncated(_ size: Int, lineLimit: Int) -> TextBlock {
    var broken = broken(size)
    broken.truncate(to: lineLimit)
    return TextBlock(broken, of: text, pixelSize: size, lineHeight: lineHeight(size), alignment: alignment)
  }
}

extension Array {
  /// The first index whose element belongs to the second part of a partitioned array.
  func partitioningIndex(where belongsToSecond: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if belongsToSecond(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

/// A text at its final size, in lines. Lengths are in pixels, counted from the left end of the first line's baseline.
struct TextBlock {
  struct PlacedCluster {
    let glyphs: Range<Int>
    let x: Float
    let baseline: Int
  }

  let text: ShapedText
  let pixelSize: Int
  let lineHeight: Int
  var lineCount: Int { lines.count }
  /// The width of the longest line.
  let width: Float
  /// The clusters from left to right, line by line.
  private(set) var clusters: [PlacedCluster] = []
  /// The clusters of each line.
  private(set) var lines: [Range<Int>] = []

  /// - Parameter alignment: see ``TextFitting/alignment``.
  init(_ broken: LineBreaker, of text: ShapedText, pixelSize: Int, lineHeight: Int, alignment: Float = 0.5) {
    self.text = text
    self.pixelSize = pixelSize
    self.lineHeight = lineHeight
    width = broken.advance * Float(pixelSize)
    for (index, line) in broken.lines.enumerated() {
      place(line, from: (broken.advance - line.advance) * alignment, baseline: index * lineHeight)
    }
  }

  private mutating func place(_ line: LineBreaker.Line, from indent: Float, baseline: Int) {
    let first = clusters.count
    defer { lines.append(first..<clusters.count) }
    var pen = indent
    for index in line.visualOrder(in: text) {
      clusters.append(PlacedCluster(glyphs: text.clusters[index].glyphs, x: pen * Float(pixelSize), baseline: baseline))
      pen += text.clusters[index].advance
    }
  }
}
