/// One member of a JSON object.
package typealias JSONMember = (key: String, value: JSONText)

/// JSON to be written. Its keys keep their order, because clients show it and tests compare it.
package enum JSONText: Sendable {
  case string(String)
  case integer(Int)
  case decimal(Double)
  case boolean(Bool)
  case null
  /// Text that is already JSON, such as a quoted base64 string, in which searching for characters to escape would be a waste.
  case verbatim(String)
  case array([JSONText])
  case object([JSONMember])

  /// The text on one line, without spaces.
  package var compact: String {
    var text = ""
    write(to: &text, separator: ",", colon: ":") { _ in "" }
    return text
  }

  /// The text over several lines, indented by two spaces per level.
  package var indented: String {
    var text = ""
    write(to: &text, separator: ",", colon: ": ") { "\n" + String(repeating: "  ", count: $0) }
    return text
  }

  /// - Parameter lineBreak: returns the beginning of a line at a level.
  private func write(to text: inout String, level: Int = 0, separator: String, colon: String, lineBreak: (Int) -> String) {
    switch self {
    case .string(let value): Self.quote(value, to: &text)
    case .integer(let value): text += String(value)
    case .decimal(let value): text += value.isFinite ? "\(value)" : "null"
    case .boolean(let value): text += value ? "true" : "false"
    case .null: text += "null"
    case .verbatim(let json): text += json
    case .array(let elements):
      Self.list("[", "]", elements, to: &text, level, separator, lineBreak) { element, text in
        element.write(to: &text, level: level + 1, separator: separator, colon: colon, lineBreak: lineBreak)
      }
    case .object(let members):
      Self.list("{", "}", members, to: &text, level, separator, lineBreak) { member, text in
        Self.quote(member.key, to: &text)
        text += colon
        member.value.write(to: &text, level: level + 1, separator: separator, colon: colon, lineBreak: lineBreak)
      }
    }
  }

  private static func list<Element>(
    _ open: String, _ close: String, _ elements: [Element], to text: inout String, _ level: Int, _ separator: String,
    _ lineBreak: (Int) -> String, _ write: (Element, inout String) -> Void
  ) {
    text += open
    for (index, element) in elements.enumerated() {
      if index > 0 { text += separator }
      text += lineBreak(level + 1)
      write(element, &text)
    }
    if !elements.isEmpty { text += lineBreak(level) }
    text += close
  }

  /// Quotes a string (RFC 8259, section 7), copying the text between two characters that need an escape in one piece.
  private static func quote(_ value: String, to text: inout String) {
    text += "\""
    var rest = value[...]
    while let index = rest.utf8.firstIndex(where: needsEscape) {
      text += rest[..<index]
      text += escape(rest.utf8[index])
      rest = rest[rest.utf8.index(after: index)...]
    }
    text += rest
    text += "\""
  }

  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  private static func escape(_ byte: UInt8) -> String {
    switch byte {
    case UInt8(ascii: "\""): return "\\\""
    case UInt8(ascii: "\\"): return "\\\\"
    case UInt8(ascii: "\n"): return "\\n"
    case UInt8(ascii: "\r"): return "\\r"
    case UInt8(ascii: "\t"): return "\\t"
    default:
      let digits = String(byte, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
  }
}
