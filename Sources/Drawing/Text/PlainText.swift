/// What of a text can be drawn: no control characters, single blanks between words and newlines between lines, and of marks and joiners
/// no more than any orthography needs.
struct PlainText {
  static let blank = UInt32(UInt8(ascii: " "))
  /// One begins a new line, two leave a line empty.
  static let newLine = UInt32(UInt8(ascii: "\n"))

  private(set) var scalars: [UInt32] = []
  /// Whether all of it is ASCII, which no algorithm for other scripts would change.
  private(set) var isASCII = true
  /// Whether there was more of it than the limit.
  private(set) var isCut = false

  private var gap: [UInt32] = []
  /// Up to the last scalar that is of use.
  private var end = 0
  private var marks = 0
  private var joined = 0
  /// Whether something to see follows the last gap.
  private var hasLetter = false

  /// - Parameters:
  ///   - text: anything.
  ///   - limit: how many scalars to take at most; the rest is not even looked at.
  ///   - keepsLines: whether a newline begins a new line, or is a blank like any other.
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

  /// Blanks and newlines at the beginning are left out, as are those at the end, where nothing follows.
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

  /// Piled up marks would reach into other lines.
  private mutating func appendMark(_ scalar: Unicode.Scalar) {
    guard marks < Self.mostMarks, gap.isEmpty, hasLetter else { return }
    marks += 1
    take(scalar)
    end = scalars.count
  }

  /// One that touches what is seen belongs to it, also at the end.
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
  /// What a scalar does in a text.
  enum Role {
    case letter
    /// Belongs to the letter before it.
    case mark
    case blank, newLine
    /// Never seen, but steers direction or joining, or says where a line may break.
    case control
    /// What no text needs: NUL, other controls, marks of annotations.
    case nothing

    init(of scalar: Unicode.Scalar) {
      self =
        switch scalar.value {
        case 0x21...0x7E: .letter
        case 0x20, 0x09: .blank
        case 0x0A: .newLine
        case 0x0B, 0x0C, 0x85, 0x2028, 0x2029: .newLine
        case 0x00...0x1F, 0x7F...0x9F, 0xFFF9...0xFFFB: .nothing
        case 0xA0, 0x202F: .letter  // Blanks at which no line breaks.
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
