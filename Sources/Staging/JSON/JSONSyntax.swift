/// Where text stops being JSON (RFC 8259), which `JSONDecoder` does not tell.
package struct JSONSyntax {
  private let bytes: [UInt8]
  private var position = 0

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The place of the first byte that cannot stand where it stands, from line 1 and column 1 in bytes; nil where all is well.
  package static func error(in bytes: [UInt8]) -> (line: Int, column: Int)? {
    var syntax = JSONSyntax(bytes)
    do {
      try syntax.value(depth: 0)
      syntax.skipBlanks()
      if syntax.position < bytes.count { throw Unexpected() }
      return nil
    } catch {
      let before = bytes[..<syntax.position]
      let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
      return (before.count { $0 == UInt8(ascii: "\n") } + 1, syntax.position - lineStart + 1)
    }
  }

  /// ``position`` is where.
  private struct Unexpected: Error {}

  private static let deepest = 64

  private mutating func value(depth: Int) throws(Unexpected) {
    skipBlanks()
    guard depth < Self.deepest, let first = next else { throw Unexpected() }
    switch first {
    case UInt8(ascii: "{"): try list(closing: "}") { (syntax) throws(Unexpected) in try syntax.member(depth: depth) }
    case UInt8(ascii: "["): try list(closing: "]") { (syntax) throws(Unexpected) in try syntax.value(depth: depth + 1) }
    case UInt8(ascii: "\""): try string()
    case UInt8(ascii: "t"): try word("true")
    case UInt8(ascii: "f"): try word("false")
    case UInt8(ascii: "n"): try word("null")
    default: try number()
    }
  }

  private mutating func member(depth: Int) throws(Unexpected) {
    skipBlanks()
    try string()
    skipBlanks()
    try word(":")
    try value(depth: depth + 1)
  }

  private mutating func list(closing: Unicode.Scalar, _ element: (inout Self) throws(Unexpected) -> Void) throws(Unexpected) {
    position += 1
    skipBlanks()
    if take(closing) { return }
    repeat {
      try element(&self)
      skipBlanks()
    } while take(",")
    guard take(closing) else { throw Unexpected() }
  }

  private mutating func string() throws(Unexpected) {
    guard take("\"") else { throw Unexpected() }
    while let byte = next, byte >= 0x20 {
      position += 1
      if byte == UInt8(ascii: "\"") { return }
      if byte == UInt8(ascii: "\\") { try escape() }
    }
    throw Unexpected()
  }

  private mutating func escape() throws(Unexpected) {
    guard let byte = next, "\"\\/bfnrtu".utf8.contains(byte) else { throw Unexpected() }
    position += 1
    guard byte == UInt8(ascii: "u") else { return }
    for _ in 0..<4 {
      guard let digit = next, Character(Unicode.Scalar(digit)).isHexDigit else { throw Unexpected() }
      position += 1
    }
  }

  private mutating func number() throws(Unexpected) {
    _ = take("-")
    if !take("0") { try digits() }
    if take(".") { try digits() }
    if take("e") || take("E") {
      _ = take("+") || take("-")
      try digits()
    }
  }

  private mutating func digits() throws(Unexpected) {
    let start = position
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    if position == start { throw Unexpected() }
  }

  private mutating func word(_ word: String) throws(Unexpected) {
    for scalar in word.unicodeScalars { guard take(scalar) else { throw Unexpected() } }
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: scalar) else { return false }
    position += 1
    return true
  }

  private mutating func skipBlanks() {
    while let byte = next, " \t\r\n".utf8.contains(byte) { position += 1 }
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }
}
