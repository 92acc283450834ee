extension ShapedText {
  /// Shapes a text once, for every size.
  ///
  /// - Parameter glyphLimit: the most glyphs that may be drawn for the text; the rest of the text is left out.
  init(_ text: PlainText, in fonts: FontStack, role: TextRole = .prompt, glyphLimit: Int = ShapingWork.usualLimit) {
    scalars = text.scalars
    let first = fonts.first(for: role)
    takeMeasures(of: fonts[first])
    fonts[first].shape(TextRun(scalars: 0..<1, face: first), of: [0x2026], into: &self)
    let items = Itemisation(text, with: fonts, role: role)
    let breaks = LineBreaks(text, graphemes: items.graphemes)
    var work = ShapingWork(limit: glyphLimit)
    for run in items.runs {
      let start = clusters.count
      fonts[run.face].shape(run, of: text.scalars, into: &self)
      largestSize = min(largestSize, fonts[run.face].largestSize)
      let isWhole = text.isASCII || measure(start..., of: run, with: fonts, work: &work)
      appendWords(of: start..., in: run, text: text, breaks: breaks)
      if !isWhole { break }
    }
    fonts.wear(by: work.spent)
    isCut = text.isCut && !work.isExceeded
    if text.isCut || work.isExceeded { appendEllipsis() }
    if text.scalars.contains(PlainText.softHyphen) { hyphenate(text, with: first, of: fonts) }
  }

  /// The length of the text on one line.
  var advance: Float {
    words.reduce(0) { $0 + $1.advance + $1.space } - (words.last?.space ?? 0)
  }

  /// Adds clusters to the last word. A cluster before which a line may end begins a new word.
  private mutating func appendWords(of added: PartialRangeFrom<Int>, in run: TextRun, text: PlainText, breaks: LineBreaks) {
    for index in clusters.indices[added] {
      let cluster = clusters[index]
      let start = text.start(of: cluster.scalar)
      if words.isEmpty || start != .sameLine || breaks.allowsBreak(before: cluster.scalar) {
        words.append(Word(clusters: index..<index, start: start, isRightToLeft: run.paragraphLevel == 1))
      }
      words[words.count - 1].append(cluster, at: index)
    }
  }

  /// Adds an ellipsis, because the text was cut.
  private mutating func appendEllipsis() {
    guard let last = words.indices.last, words[last].space == 0 else { return }
    let level: UInt8 = words[last].isRightToLeft ? 1 : 0
    let ellipsis = clusters[Self.ellipsis]
    let copy = Cluster(glyphs: ellipsis.glyphs, advance: ellipsis.advance, scalar: .max, level: level, isBlank: false)
    clusters.append(copy)
    words[last].append(copy, at: clusters.count - 1)
  }

  /// Marks the words that end with a soft hyphen and continue in the next one (UAX #14, class BA; the Unicode Standard, section 23.2).
  private mutating func hyphenate(_ text: PlainText, with face: UInt8, of fonts: FontStack) {
    let hyphenated = words.indices.dropLast().filter { index in
      let next = words[index + 1]
      guard words[index].space == 0, next.start == .sameLine, let first = next.clusters.first else { return false }
      let scalar = clusters[first].scalar
      return text.scalars.indices.contains(scalar - 1) && text.scalars[scalar - 1] == PlainText.softHyphen
    }
    guard !hyphenated.isEmpty else { return }
    let index = clusters.count
    fonts[face].shape(TextRun(scalars: 0..<1, face: face), of: [UInt32(UInt8(ascii: "-"))], into: &self)
    let shaped = clusters[index]
    clusters[index] = Cluster(glyphs: shaped.glyphs, advance: shaped.advance, scalar: .max, level: 0, isBlank: false)
    hyphen = index
    for word in hyphenated { words[word].hyphen = shaped.advance }
  }

  private mutating func takeMeasures(of face: any Typeface) {
    blank = face.blank
    (ascent, descent) = (face.ascent, face.descent)
    letterHeight = ascent + descent
    capHeight = face.capHeight
    (inkAscent, inkDescent) = (capHeight, descent * 0.4)
  }

  /// Extends the measures for glyphs that are higher or deeper than the first typeface's letters.
  ///
  /// - Returns: whether all glyphs may be drawn. If not, the clusters from the first excess glyph on are dropped.
  private mutating func measure(_ added: PartialRangeFrom<Int>, of run: TextRun, with fonts: FontStack, work: inout ShapingWork) -> Bool {
    for index in clusters.indices[added] {
      for placed in glyphs[clusters[index].glyphs] {
        guard work.spend(on: placed, of: fonts[placed.face]) else {
          scalars.removeSubrange(clusters[index].scalar...)
          clusters.removeSubrange(index...)
          return false
        }
        let extent = fonts[placed.face].extent(of: placed.glyph)
        inkAscent = min(max(inkAscent, extent.upperBound + placed.y), Self.mostAscent)
        inkDescent = min(max(inkDescent, -extent.lowerBound - placed.y), Self.mostDescent)
      }
    }
    (ascent, descent) = (max(ascent, inkAscent), max(descent, inkDescent))
    return true
  }

  /// Limits in ems, so that letters under stacked marks stay visible: higher marks are cut off at the edge of the picture.
  private static let mostAscent: Float = 1.8
  private static let mostDescent: Float = 1.2
}

extension ShapedText.Word {
  fileprivate mutating func append(_ cluster: ShapedText.Cluster, at index: Int) {
    if cluster.isBlank {
      space += cluster.advance
    } else {
      clusters = clusters.lowerBound..<index + 1
      advance += space + cluster.advance
      space = 0
    }
  }
}

extension PlainText {
  /// How a word begins, given the index of its first scalar.
  fileprivate func start(of scalar: Int) -> ShapedText.Word.Start {
    guard scalar > 0, scalars[scalar - 1] == Self.newLine else { return .sameLine }
    return scalar > 1 && scalars[scalar - 2] == Self.newLine ? .emptyLine : .newLine
  }
}

/// Limits the drawing work of a text, so that a picture takes milliseconds, whatever its prompt.
///
/// Only the first occurrence of a glyph counts, because others are found in the cache.
struct ShapingWork {
  /// The limit for texts in letters of up to 32 pixels.
  static let usualLimit = 400

  let limit: Int
  private(set) var isExceeded = false
  private(set) var spent = 0
  private var seen: Set<UInt64> = []

  init(limit: Int) { self.limit = limit }

  /// - Returns: false if the glyph exceeds the limit.
  mutating func spend(on placed: ShapedText.PlacedGlyph, of face: any Typeface) -> Bool {
    guard seen.insert(UInt64(placed.face) << 32 | UInt64(placed.glyph)).inserted else { return true }
    spent += face.glyphCost
    isExceeded = spent > limit
    return !isExceeded
  }
}
