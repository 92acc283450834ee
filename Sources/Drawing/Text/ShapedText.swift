/// A text as glyphs, with the places where it may be broken. Lengths are in ems.
struct ShapedText {
  /// A glyph and where it stands, counted from the left end of its cluster on the baseline; y grows upwards.
  struct PlacedGlyph {
    let glyph: UInt32
    /// Whose glyph it is, as ``FontStack`` counts.
    let face: UInt8
    let x: Float
    let y: Float
  }

  /// What must stay together: a letter with its accents, or letters that join in one glyph.
  struct Cluster {
    var glyphs: Range<Int>
    var advance: Float
    /// Where in the text it begins.
    let scalar: Int
    /// How deep it is embedded by the bidirectional algorithm: read from right to left where that is odd.
    let level: UInt8
    let isBlank: Bool
  }

  /// Clusters between two places where a line may end without a thought.
  struct Word {
    /// What goes before it.
    enum Start {
      case sameLine, newLine
      /// One or more lines left empty; shown as one.
      case emptyLine
    }

    /// Without the blanks that follow it.
    var clusters: Range<Int>
    var advance: Float = 0
    /// Of the blanks that follow it.
    var space: Float = 0
    let start: Start
    /// Of its paragraph.
    let isRightToLeft: Bool
  }

  /// The text, as far as it was shaped: clusters say where they begin in it.
  var scalars: [UInt32] = []
  var glyphs: [PlacedGlyph] = []
  /// In reading order, whichever direction that is.
  var clusters: [Cluster] = []
  var words: [Word] = []
  var blank: Float = 0

  /// From the baseline up to the highest point, and down to the lowest one: at least the typeface's, more where a script needs it.
  var ascent: Float = 0
  var descent: Float = 0
  /// What the eye takes for a line of it: at least from capitals' tops to a little below the baseline.
  var inkAscent: Float = 0
  var inkDescent: Float = 0
  /// Of the first typeface.
  var capHeight: Float = 0
  /// Of the first typeface, ascent and descent.
  var letterHeight: Float = 0
  /// Pixels an em, beyond which some of its typefaces do not look good.
  var largestSize = Int.max

  /// Whether the text was longer than the limit, and all up to there was shaped.
  var isCut = false

  /// The first cluster stands for text that is left out; the words follow it.
  static let ellipsis = 0

  /// The words between one forced line end and the next.
  var paragraphs: [Range<Int>] {
    let starts = words.indices.filter { $0 == 0 || words[$0].start != .sameLine }
    return zip(starts, starts.dropFirst() + [words.count]).map { $0..<$1 }
  }

  mutating func beginCluster(at scalar: Int, of run: TextRun, isBlank: Bool = false) {
    clusters.append(
      Cluster(glyphs: glyphs.count..<glyphs.count, advance: 0, scalar: scalar, level: run.level, isBlank: isBlank))
  }

  /// Adds a glyph to the cluster that was begun last.
  mutating func append(glyph: UInt32, of face: UInt8, x: Float, y: Float, advance: Float) {
    let last = clusters.count - 1
    glyphs.append(PlacedGlyph(glyph: glyph, face: face, x: clusters[last].advance + x, y: y))
    clusters[last].glyphs = clusters[last].glyphs.lowerBound..<glyphs.count
    widenCluster(by: advance)
  }

  mutating func widenCluster(by advance: Float) {
    clusters[clusters.count - 1].advance += advance
  }
}
