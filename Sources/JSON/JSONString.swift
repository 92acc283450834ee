/// A string of a JSON document: a view of the bytes between its quotes, which the parser has validated.
///
/// Two strings are equal if they denote the same Unicode scalars, however each is escaped.
package struct JSONString: Sendable {
  /// The bytes between the quotes, with escapes as they were written.
  private let raw: ArraySlice<UInt8>
  private let hasEscapes: Bool

  init(validated raw: ArraySlice<UInt8>, hasEscapes: Bool) { (self.raw, self.hasEscapes) = (raw, hasEscapes) }

  package init(_ text: String) { self.init(validated: Array(text.utf8)[...], hasEscapes: false) }

  /// The string as a Swift string. A copy.
  package var text: String { String(decoding: utf8, as: UTF8.self) }

  /// The string in UTF-8: a view into the document, or a copy if there are escapes to resolve.
  package var utf8: ArraySlice<UInt8> { hasEscapes ? unescaped[...] : raw }

  /// The number of Unicode scalars, which the API counts as characters.
  package var unicodeScalarCount: Int {
    let utf8 = utf8
    var count = 0
    for byte in utf8 where byte & 0xc0 != 0x80 { count += 1 }
    return count
  }

  package var isEmpty: Bool { raw.isEmpty }

  /// Resolves the escapes (RFC 8259, section 7). They are valid, so nothing can fail here.
  private var unescaped: [UInt8] {
    let source = raw.span
    var bytes: [UInt8] = []
    bytes.reserveCapacity(source.count)
    var position = 0
    while position < source.count {
      if source[position] != UInt8(ascii: "\\") {
        bytes.append(source[position])
        position += 1
      } else if source[position + 1] != UInt8(ascii: "u") {
        bytes.append(Self.meaning(of: source[position + 1]))
        position += 2
      } else {
        let first = Self.unit(source, at: position + 2)
        // Two consecutive escapes are one scalar beyond the basic plane.
        let isPair = (0xd800..<0xdc00).contains(first)
        let scalar = isPair ? 0x10000 + (first - 0xd800) << 10 + Self.unit(source, at: position + 8) - 0xdc00 : first
        Self.append(scalar, to: &bytes)
        position += isPair ? 12 : 6
      }
    }
    return bytes
  }

  private static func meaning(of escape: UInt8) -> UInt8 {
    switch escape {
    case UInt8(ascii: "b"): 8
    case UInt8(ascii: "t"): 9
    case UInt8(ascii: "n"): 10
    case UInt8(ascii: "f"): 12
    case UInt8(ascii: "r"): 13
    default: escape
    }
  }

  /// The UTF-16 code unit that four digits denote.
  private static func unit(_ source: Span<UInt8>, at start: Int) -> UInt32 {
    var unit: UInt32 = 0
    for offset in 0..<4 { unit = unit << 4 | UInt32(JSONParser.hexadecimal(source[start + offset]) ?? 0) }
    return unit
  }

  private static func append(_ scalar: UInt32, to bytes: inout [UInt8]) {
    if let scalar = Unicode.Scalar(scalar) { bytes += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter }
  }
}

extension JSONString: Hashable {
  package static func == (one: JSONString, other: JSONString) -> Bool { one.utf8 == other.utf8 }
  package static func == (one: JSONString, other: String) -> Bool { one.utf8.elementsEqual(other.utf8) }
  package static func != (one: JSONString, other: String) -> Bool { !(one == other) }
  package func hash(into hasher: inout Hasher) { hasher.combine(utf8) }
}

extension JSONString: ExpressibleByStringLiteral {
  package init(stringLiteral text: String) { self.init(text) }
}
