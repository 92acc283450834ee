/// One member of a JSON object.
package typealias JSONMember = (key: String, value: JSONText)

/// JSON to be written. Its keys keep their order, because clients show it and tests compare it.
package enum JSONText: Sendable {
  case string(String)
  case integer(Int)
  case decimal(Double)
  case boolean(Bool)
  case null
  /// Text that is already JSON.
  case verbatim(String)
  /// Bytes as a string in base64, which is encoded into the document, without another copy of what may be 64 MiB.
  case base64([UInt8])
  case array([JSONText])
  case object([JSONMember])

  /// The text on one line, without spaces.
  package var compact: String { String(decoding: compactBytes, as: UTF8.self) }

  /// The text over several lines, indented by two spaces per level.
  package var indented: String { String(decoding: indentedBytes, as: UTF8.self) }

  /// ``compact`` in UTF-8.
  package var compactBytes: [UInt8] { bytes(level: nil) }

  /// ``indented`` in UTF-8.
  package var indentedBytes: [UInt8] { bytes(level: 0) }

  private func bytes(level: Int?) -> [UInt8] {
    var bytes: [UInt8] = []
    // Enough for most documents, with a line break and the end of a file.
    bytes.reserveCapacity(1000)
    write(to: &bytes, level: level)
    return bytes
  }

  /// - Parameter level: of the indentation; nil if everything is on one line.
  private func write(to bytes: inout [UInt8], level: Int?) {
    switch self {
    case .string(let value): Self.quote(value, to: &bytes)
    case .integer(let value): bytes.append(String(value))
    case .decimal(let value): bytes.append(value.isFinite ? "\(value)" : "null")
    case .boolean(let value): bytes.append(value ? "true" : "false")
    case .null: bytes.append("null")
    case .verbatim(let json): bytes.append(json)
    case .base64(let content):
      bytes.append(UInt8(ascii: "\""))
      Base64Encoding.append(content, to: &bytes)
      bytes.append(UInt8(ascii: "\""))
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
    let isPlain = unsafe value.utf8.withContiguousStorageIfAvailable { text in
      guard unsafe Self.isPlain(UnsafeRawBufferPointer(text)) else { return false }
      unsafe bytes.append(contentsOf: text)
      return true
    }
    if isPlain != true { for byte in value.utf8 { if needsEscape(byte) { escape(byte, to: &bytes) } else { bytes.append(byte) } } }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Looks at eight bytes at a time: every string of a document passes here.
  private static func isPlain(_ text: UnsafeRawBufferPointer) -> Bool {
    let whole = text.count & ~7
    for position in stride(from: 0, to: whole, by: 8) {
      if needsEscape(unsafe text.loadUnaligned(fromByteOffset: position, as: UInt64.self)) { return false }
    }
    for position in whole..<text.count { if needsEscape(unsafe text[position]) { return false } }
    return true
  }

  /// Whether any of eight bytes needs an escape. A byte without its highest bit is below n if and only if subtracting n sets that bit; a borrow
  /// from a neighbor sets it only next to a byte that is found anyway.
  private static func needsEscape(_ word: UInt64) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let (quote, backslash) = (word ^ (UInt64(UInt8(ascii: "\"")) * ones), word ^ (UInt64(UInt8(ascii: "\\")) * ones))
    let found = (word &- 0x20 * ones) & ~word | (quote &- ones) & ~quote | (backslash &- ones) & ~backslash
    return found & (0x80 * ones) != 0
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
    bytes.append(escape)
  }
}

extension [UInt8] {
  /// Appends a text, as a whole if the string has its bytes in one place, as nearly all have.
  fileprivate mutating func append(_ text: String) {
    let whole: Void? = unsafe text.utf8.withContiguousStorageIfAvailable { unsafe append(contentsOf: $0) }
    if whole == nil { append(contentsOf: text.utf8) }
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
