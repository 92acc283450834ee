/// A strict parser of JSON (RFC 8259) by recursive descent: one pass over the bytes, in time and memory that ``JSONLimits`` bound.
///
/// Decisions where the RFC leaves a choice: a byte order mark is skipped, text that is not UTF-8 and halves of surrogate pairs are refused, as
/// are numbers beyond the range of `Double`; numbers too small for it become zero, and `-0` is `0`.
struct JSONParser {
  private let document: [UInt8]
  private let limits: JSONLimits
  private var position = 0
  private var valueCount = 0

  static func parse(_ document: [UInt8], _ limits: JSONLimits) throws(JSONError) -> JSONValue {
    var parser = JSONParser(document: document, limits: limits)
    if document.starts(with: [0xef, 0xbb, 0xbf]) { parser.position = 3 }
    let value = try parser.value(depth: 0)
    parser.skipWhitespace()
    guard parser.position == document.count else { throw parser.unexpected("the end of the document") }
    return value
  }

  private init(document: [UInt8], limits: JSONLimits) { (self.document, self.limits) = (document, limits) }

  // MARK: Values

  private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    skipWhitespace()
    valueCount += 1
    guard valueCount <= limits.values else { throw error(.tooManyValues(limit: limits.values)) }
    switch next {
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "{"): return .object(try object(depth: depth + 1))
    case UInt8(ascii: "["): return .array(try array(depth: depth + 1))
    case UInt8(ascii: "t"): return try word("true", .boolean(true))
    case UInt8(ascii: "f"): return try word("false", .boolean(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case .some(UInt8(ascii: "-")), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): return try number()
    default: throw unexpected("a value")
    }
  }

  private mutating func array(depth: Int) throws(JSONError) -> [JSONValue] {
    try enter(depth)
    var elements: [JSONValue] = []
    if take(UInt8(ascii: "]")) { return elements }
    repeat { elements.append(try value(depth: depth)) } while try goesOn(until: UInt8(ascii: "]"), "',' or ']'")
    return elements
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSONObject {
    try enter(depth)
    var members: [JSONObject.Member] = []
    if take(UInt8(ascii: "}")) { return JSONObject(members: members) }
    repeat {
      skipWhitespace()
      guard next == UInt8(ascii: "\"") else { throw unexpected("a name in double quotes") }
      let name = try string()
      skipWhitespace()
      guard take(UInt8(ascii: ":")) else { throw unexpected("':'") }
      members.append(JSONObject.Member(name: name, value: try value(depth: depth)))
    } while try goesOn(until: UInt8(ascii: "}"), "',' or '}'")
    return JSONObject(members: members)
  }

  /// Takes the opening bracket, and what blanks follow it.
  private mutating func enter(_ depth: Int) throws(JSONError) {
    guard depth <= limits.depth else { throw error(.tooDeep(limit: limits.depth)) }
    position += 1
    skipWhitespace()
  }

  /// Takes a comma, or the closing bracket.
  /// - Returns: whether another element must follow.
  private mutating func goesOn(until closing: UInt8, _ expected: String) throws(JSONError) -> Bool {
    skipWhitespace()
    if take(UInt8(ascii: ",")) { return true }
    guard take(closing) else { throw unexpected(expected) }
    return false
  }

  private mutating func word(_ word: StaticString, _ meaning: JSONValue) throws(JSONError) -> JSONValue {
    for scalar in word.description.utf8 { guard take(scalar) else { throw unexpected(word.description) } }
    return meaning
  }

  // MARK: Numbers

  private mutating func number() throws(JSONError) -> JSONValue {
    let start = position
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) { try digits() }
    let integerEnd = position
    if take(UInt8(ascii: ".")) { try digits() }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      _ = take(UInt8(ascii: "+")) || take(UInt8(ascii: "-"))
      try digits()
    }
    let text = String(decoding: document[start..<position], as: UTF8.self)
    if position == integerEnd, let integer = Int(text) { return .integer(integer) }
    guard let decimal = Double(text), decimal.isFinite else { throw error(.numberOutOfRange, at: start) }
    return Int(exactly: decimal).map { .integer($0) } ?? .decimal(decimal)
  }

  private mutating func digits() throws(JSONError) {
    let start = position
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    if position == start { throw unexpected("a digit") }
  }

  // MARK: Strings

  private mutating func string() throws(JSONError) -> JSONString {
    position += 1
    let start = position
    var hasEscapes = false
    while true {
      position = Self.plainEnd(in: document.span, from: position)
      switch next {
      case UInt8(ascii: "\""):
        position += 1
        return JSONString(validated: document[start..<position - 1], hasEscapes: hasEscapes)
      case UInt8(ascii: "\\"):
        hasEscapes = true
        try escape()
      case .some(0x80...): try multibyteScalar()
      default: throw unexpected("the end of the string, or an escape for a control character")
      }
    }
  }

  /// Where the run of ASCII characters that need no second look ends.
  private static func plainEnd(in bytes: Span<UInt8>, from start: Int) -> Int {
    var position = start
    while position < bytes.count {
      let byte = bytes[position]
      if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte >= 0x80 { break }
      position += 1
    }
    return position
  }

  private mutating func escape() throws(JSONError) {
    position += 1
    guard let kind = next, "\"\\/bfnrtu".utf8.contains(kind) else { throw unexpected("one of \" \\ / b f n r t u after a backslash") }
    position += 1
    guard kind == UInt8(ascii: "u") else { return }
    let start = position - 2
    let first = try unit()
    // Outside the basic plane, a scalar is two units; half of one is none.
    guard (0xd800..<0xe000).contains(first) else { return }
    guard first < 0xdc00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")), (0xdc00..<0xe000).contains(try unit()) else {
      throw error(.unexpected(expected: "both halves of a surrogate pair"), at: start)
    }
  }

  /// Takes the four digits of a UTF-16 code unit.
  private mutating func unit() throws(JSONError) -> Int {
    var unit = 0
    for _ in 0..<4 {
      guard let digit = next.flatMap(Self.hexadecimal) else { throw unexpected("four hexadecimal digits after \\u") }
      unit = unit << 4 | digit
      position += 1
    }
    return unit
  }

  static func hexadecimal(_ byte: UInt8) -> Int? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte - UInt8(ascii: "A")) + 10
    default: nil
    }
  }

  /// Takes one scalar of two to four bytes, well formed as table 3-7 of the Unicode standard has it: neither longer than it need be, nor a
  /// surrogate, nor beyond U+10FFFF.
  private mutating func multibyteScalar() throws(JSONError) {
    let lead = document[position]
    let (count, second): (Int, ClosedRange<UInt8>) =
      switch lead {
      case 0xc2...0xdf: (2, 0x80...0xbf)
      case 0xe0: (3, 0xa0...0xbf)
      case 0xe1...0xec, 0xee...0xef: (3, 0x80...0xbf)
      case 0xed: (3, 0x80...0x9f)
      case 0xf0: (4, 0x90...0xbf)
      case 0xf1...0xf3: (4, 0x80...0xbf)
      case 0xf4: (4, 0x80...0x8f)
      default: throw error(.invalidUTF8)
      }
    guard position + count <= document.count, second.contains(document[position + 1]),
      document[(position + 2)..<(position + count)].allSatisfy({ $0 & 0xc0 == 0x80 })
    else { throw error(.invalidUTF8) }
    position += count
  }

  // MARK: Bytes

  private var next: UInt8? { position < document.count ? document[position] : nil }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipWhitespace() {
    while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { position += 1 }
  }

  private func unexpected(_ expected: String) -> JSONError { error(.unexpected(expected: expected)) }

  private func error(_ problem: JSONError.Problem, at place: Int? = nil) -> JSONError {
    JSONError(problem, at: place ?? position, of: document)
  }
}
