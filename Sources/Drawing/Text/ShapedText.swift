/// A text as glyphs, with the places where it may be broken. Lengths are in ems.
struct ShapedText {
  /// A glyph and where it stands, counted from the left end of its cluster on the baseline; y grows upwards.
  struct PlacedGlyph {
    let glyph: UInt32
    let x: Float
    let y: Float
  }

  /// What must stay together: a letter with its accents, or letters that join in one glyph.
  struct Cluster {
    var glyphs: Range<Int>
    var advance: Float
  }

  /// Clusters between two places where a line may end without a thought.
  struct Word {
    let clusters: Range<Int>
    let advance: Float
    let isRightToLeft: Bool
    /// What stands before it.
    let gap: PlainText.Gap
  }

  var glyphs: [PlacedGlyph] = []
  /// In reading order, whichever direction that is.
  var clusters: [Cluster] = []
  var words: [Word] = []
  var blank: Float = 0

  /// The first cluster stands for text that is left out; the words follow it.
  static let ellipsis = 0

  /// The words between one forced line end and the next.
  var paragraphs: [Range<Int>] {
    let starts = words.indices.filter { $0 == 0 || words[$0].gap == .newLine || words[$0].gap == .emptyLine }
    return zip(starts, starts.dropFirst() + [words.count]).map { $0..<$1 }
  }

  mutating func beginCluster() {
    clusters.append(Cluster(glyphs: glyphs.count..<glyphs.count, advance: 0))
  }

  /// Adds a glyph to the cluster that was begun last.
  mutating func append(glyph: UInt32, x: Float, y: Float, advance: Float) {
    let last = clusters.count - 1
    glyphs.append(PlacedGlyph(glyph: glyph, x: clusters[last].advance + x, y: y))
    clusters[last].glyphs = clusters[last].glyphs.lowerBound..<glyphs.count
    clusters[last].advance += advance
  }
}
