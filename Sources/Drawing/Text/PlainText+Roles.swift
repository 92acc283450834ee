extension PlainText {
  /// What a scalar does in a text.
  enum Role {
    case letter, accent, blank, newLine
    /// Controls, NUL and marks that only steer direction.
    case nothing

    init(of scalar: Unicode.Scalar) {
      self =
        switch scalar.value {
        case 0x21...0x7E: .letter
        case 0x20, 0x09: .blank
        case 0x0A: .newLine
        case 0x0B, 0x0C, 0x85, 0x2028, 0x2029: .newLine
        case 0x00...0x1F, 0x7F...0x9F: .nothing
        case 0x200B, 0x200E, 0x200F, 0x202A...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB: .nothing
        default: Role(ofRare: scalar)
        }
    }

    private init(ofRare scalar: Unicode.Scalar) {
      switch scalar.properties.generalCategory {
      case .nonspacingMark, .enclosingMark: self = .accent
      case .spaceSeparator: self = .blank
      case .control, .surrogate: self = .nothing
      default: self = .letter
      }
    }
  }

  /// Which way a scalar is read. A small part of Unicode's bidirectional algorithm: enough for words of one script in a line of another.
  enum Direction {
    case leftToRight, rightToLeft
    /// Goes on as what stands before it.
    case neutral

    init(of scalar: Unicode.Scalar) {
      self =
        switch scalar.value {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: .leftToRight
        case 0x00...0xBF, 0x2000...0x206F: .neutral
        case 0x0660...0x0669, 0x06F0...0x06F9: .leftToRight
        case 0x0590...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFF, 0x10800...0x10FFF, 0x1E800...0x1EFFF: .rightToLeft
        default: .leftToRight
        }
    }
  }
}
