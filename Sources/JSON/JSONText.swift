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
  package var compact: String { String(decoding: compactBytes, as: UTF8.self) }

  /// The text over several lines, indented by two spaces per level.
  package var indented: String { String(decoding: indentedBytes, as: UTF8.self) }

  /// ``compact`` in UTF-8.
  package var compactBytes: [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes, level: nil)
    return bytes
  }

  /// ``indented`` in UTF-8.
  package var indentedBytes: [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes, level: 0)
    return bytes
  }

  /// - Parameter level: of the indentation; nil if everything is on one line.
  private func write(to bytes: inout [UInt8], level: Int?) {
    switch self {
    case .string(let value): Self.quote(value, to: &bytes)
    case .integer(let value): bytes.append(contentsOf: String(value).utf8)
    case .decimal(let value): bytes.append(contentsOf: (value.isFinite ? "\(value)" : "null").utf8)
    case .boolean(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
    case .null: bytes.append(contentsOf: "null".utf8)
    case .verbatim(let json): bytes.append(contentsOf: json.utf8)
    case .array(let elements):
      Self.list("[", "]", elements, to: &bytes, level) { element, level, bytes in element.write(to: &bytes, level: level) }
    case .object(let members):
      Self.list("{", "}", members, to: &bytes, level) { member, level, bytes in
        Self.quote(member.key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        if level != nil { bytes.append(UInt8(ascii: " ")) }
        member.value.write(to: &bytes, level: level)
      }
    }
  }

  private static func list<Element>(
    _ open: Unicode.Scalar, _ close: Unicode.Scalar, _ elements: [Element], to bytes: inout [UInt8], _ level: Int?,
    _ write: (Element, Int?, inout [UInt8]) -> Void
  ) {
    bytes.append(UInt8(ascii: open))
    let inner = level.map { $0 + 1 }
    for (index, element) in elements.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      breakLine(inner, in: &bytes)
      write(element, inner, &bytes)
    }
    if !elements.isEmpty { breakLine(level, in: &bytes) }
    bytes.append(UInt8(ascii: close))
  }

  /// Begins a line at a level.
  private static func breakLine(_ level: Int?, in bytes: inout [UInt8]) {
    guard let level else { return }
    bytes.append(UInt8(ascii: "\n"))
    for _ in 0..<2 * level { bytes.append(UInt8(ascii: " ")) }
  }

  /// Quotes a string (RFC 8259, section 7). Hardly any needs an escape.
  private static func quote(_ value: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    if isPlain(value) {
      bytes.append(contentsOf: value.utf8)
    } else {
      for byte in value.utf8 { if needsEscape(byte) { escape(byte, to: &bytes) } else { bytes.append(byte) } }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static func isPlain(_ value: String) -> Bool {
    let bytes = value.utf8.span
    for index in bytes.indices where needsEscape(bytes[index]) { return false }
    return true
  }

  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  private static func escape(_ byte: UInt8, to bytes: inout [UInt8]) {
    let escape: String
    switch byte {
    case UInt8(ascii: "\""): escape = "\\\""
    case UInt8(ascii: "\\"): escape = "\\\\"
    case UInt8(ascii: "\n"): escape = "\\n"
    case UInt8(ascii: "\r"): escape = "\\r"
    case UInt8(ascii: "\t"): escape = "\\t"
    default:
      let digits = String(byte, radix: 16)
      escape = "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
    bytes.append(contentsOf: escape.utf8)
  }
}

extension JSONText {
  /// A parsed value, to be written again. Its numbers may be spelled in another way.
  package init(_ value: JSONValue) {
    self =
      switch value {
      case .string(let string): .string(string.text)
      case .integer(let integer): .integer(integer)
      case .decimal(let decimal): .decimal(decimal)
      case .boolean(let boolean): .boolean(boolean)
      case .null: .null
      case .array(let elements): .array(elements.map(JSONText.init))
      case .object(let object): .object(object.members.map { ($0.name.text, JSONText($0.value)) })
      }
  }
}
