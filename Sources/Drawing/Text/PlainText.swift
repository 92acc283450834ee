/// The drawable part of a text: single blanks between words, newlines between lines, no control characters, and no more marks and joiners
/// than any orthography needs.
struct PlainText {
  static let blank = UInt32(UInt8(ascii: " "))
  /// One newline begins a new line; two leave a line empty.
  static let newLine = UInt32(UInt8(ascii: "\n"))
  /// Marks where a word may be hyphenated; invisible unless a line ends there.
  static let softHyphen: UInt32 = 0xAD

  private(set) var scalars: [UInt32] = []
  /// Whether the text is ASCII, for which the algorithms for other scripts are not needed.
  private(set) var isASCII = true
  /// Whether the text was longer than the limit.
  private(set) var isCut = false

  private var gap: [UInt32] = []
  /// The end of the useful scalars.
  private var end = 0
  private var marks = 0
  private var joined = 0
  /// Whether a visible character follows the last gap.
  private var hasLetter = false

  /// - Parameters:
  ///   - text: any text.
  ///   - limit: the most scalars to take; the rest is not even read.
  ///   - keepsLines: whether a newline begins a new line; otherwise it is a blank.
  init(_ text: String, limit: Int, keepsLines: Bool = true) {
    for scalar in text.unicodeScalars {
      guard scalars.count < limit else {
        isCut = true
        break
      }
      switch Role(of: scalar) {
      case .letter: append(scalar)
      case .mark: appendMark(scalar)
      case .blank: widenGap(byLine: false)
      case .newLine: widenGap(byLine: keepsLines)
      case .control: appendControl(scalar)
      case .nothing: continue
      }
    }
    scalars.removeLast(scalars.count - end)
  }

  /// Leaves out blanks and newlines at the beginning and at the end.
  private mutating func widenGap(byLine isLine: Bool) {
    guard end > 0 else { return }
    let lines = gap.filter { $0 == Self.newLine } + (isLine ? [Self.newLine] : [])
    gap = lines.isEmpty ? [Self.blank] : Array(lines.prefix(2))
  }

  private mutating func closeGap() {
    guard !gap.isEmpty else { return }
    if hasLetter || gap != [Self.blank] { scalars += gap }
    gap = []
    hasLetter = false
  }

  private mutating func append(_ scalar: Unicode.Scalar) {
    closeGap()
    joined = scalars.last == Self.joiner ? joined + 1 : 0
    marks = 0
    take(scalar)
    hasLetter = true
    end = scalars.count
  }

  /// Limits the marks on a letter: many stacked marks would reach into other lines.
  private mutating func appendMark(_ scalar: Unicode.Scalar) {
    guard marks < Self.mostMarks, gap.isEmpty, hasLetter else { return }
    marks += 1
    take(scalar)
    end = scalars.count
  }

  /// A control next to a visible character belongs to it, even at the end of the text.
  private mutating func appendControl(_ scalar: Unicode.Scalar) {
    if scalar.value == Self.joiner, joined >= Self.mostJoined { return }
    closeGap()
    take(scalar)
    if end == scalars.count - 1, end > 0 { end = scalars.count }
  }

  private mutating func take(_ scalar: Unicode.Scalar) {
    isASCII = isASCII && scalar.isASCII
    scalars.append(scalar.value)
  }

  private static let joiner: UInt32 = 0x200D
  /// Pointed and cantillated Hebrew and Burmese syllables have four.
  private static let mostMarks = 5
  /// The longest emoji, two people of different skin tones who kiss, is held together by four joiners.
  private static let mostJoined = 6
}

extension PlainText {
  /// The role of a scalar in a text.
  enum Role {
    case letter
    /// A mark that belongs to the letter before it.
    case mark
    case blank, newLine
    /// An invisible character that controls direction, joining or line breaks.
    case control
    /// A character that is dropped: NUL, other controls, annotation marks.
    case nothing

    init(of scalar: Unicode.Scalar) {
      self =
        switch scalar.value {
        case 0x21...0x7E: .letter
        case 0x20, 0x09: .blank
        case 0x0A: .newLine
        case 0x0B, 0x0C, 0x85, 0x2028, 0x2029: .newLine
        case 0x00...0x1F, 0x7F...0x9F, 0xFFF9...0xFFFB: .nothing
        case 0xA0, 0x202F: .letter  // No-break spaces.
        default: Role(ofRare: scalar.properties)
        }
    }

    private init(ofRare properties: Unicode.Scalar.Properties) {
      self =
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .spacingMark: .mark
        case .spaceSeparator: .blank
        case .control, .surrogate: .nothing
        default: properties.isDefaultIgnorableCodePoint ? .control : .letter
        }
    }
  }
}
