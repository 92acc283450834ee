/// A text as glyphs, with the places where lines may break. Lengths are in ems.
struct ShapedText {
  /// A glyph and its position relative to the left end of its cluster on the baseline; y grows upwards.
  struct PlacedGlyph {
    let glyph: UInt32
    /// The number of its face in the ``FontStack``.
    let face: UInt8
    let x: Float
    let y: Float
  }

  /// Glyphs that must stay together: a letter with its accents, or the ligature of several letters.
  struct Cluster {
    var glyphs: Range<Int>
    var advance: Float
    /// The index of its first scalar in the text.
    let scalar: Int
    /// The embedding level by the bidirectional algorithm: odd levels are read from right to left.
    let level: UInt8
    let isBlank: Bool
  }

  /// The clusters between two places where a line may end.
  struct Word {
    /// The kind of break before a word.
    enum Start {
      case sameLine, newLine
      /// One or more empty lines, shown as one.
      case emptyLine
    }

    /// The clusters of the word, without the blanks after it.
    var clusters: Range<Int>
    var advance: Float = 0
    /// The width of the blanks after the word.
    var space: Float = 0
    let start: Start
    /// The direction of its paragraph.
    let isRightToLeft: Bool
    /// The width of the hyphen that the word shows if a line ends after it; 0 if it does not end with a soft hyphen.
    var hyphen: Float = 0
  }

  /// The scalars of the text that were shaped.
  var scalars: [UInt32] = []
  var glyphs: [PlacedGlyph] = []
  /// The clusters in reading order, in either direction.
  var clusters: [Cluster] = []
  var words: [Word] = []
  var blank: Float = 0

  /// The distance from the baseline up to the highest point and down to the lowest one: at least the typeface's, more if a script needs it.
  var ascent: Float = 0
  var descent: Float = 0
  /// The height that a line seems to have: at least from the top of capitals to a little below the baseline.
  var inkAscent: Float = 0
  var inkDescent: Float = 0
  /// The height of capitals in the first typeface.
  var capHeight: Float = 0
  /// The sum of ascent and descent in the first typeface.
  var letterHeight: Float = 0
  /// The most pixels per em at which all of its typefaces look good.
  var largestSize = Int.max

  /// Whether the text was longer than the limit, and shaped completely up to there.
  var isCut = false

  /// The index of the cluster for the ellipsis. It is the first one; the words follow it.
  static let ellipsis = 0

  /// The index of the cluster for a hyphen, which follows the words. Nil if no word ends with a soft hyphen.
  var hyphen: Int?

  /// The paragraphs as ranges of words: those between one forced line end and the next.
  var paragraphs: [Range<Int>] {
    let starts = words.indices.filter { $0 == 0 || words[$0].start != .sameLine }
    return zip(starts, starts.dropFirst() + [words.count]).map { $0..<$1 }
  }

  mutating func beginCluster(at scalar: Int, of run: TextRun, isBlank: Bool = false) {
    clusters.append(
      Cluster(glyphs: glyphs.count..<glyphs.count, advance: 0, scalar: scalar, level: run.level, isBlank: isBlank))
  }

  /// Adds a glyph to the last cluster.
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
