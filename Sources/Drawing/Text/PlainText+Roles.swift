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
