/// A place in a document. Line and column are counted from 1, the column in bytes.
package struct JSONPlace: Sendable, Hashable {
  package let line: Int
  package let column: Int

  /// - Parameter offset: bytes from the beginning of the document.
  package init(offset: Int, in document: [UInt8]) {
    let before = document[..<offset]
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    line = before.count { $0 == UInt8(ascii: "\n") } + 1
    column = offset - lineStart + 1
  }
}

/// The way to a value in a document: at each step, the index of an element in its array or of a member in its object.
package struct JSONPath: Sendable, Hashable {
  package var steps: [Int]
  /// Whether the name of the last member is meant, and not its value.
  package var isName: Bool

  package init(_ steps: [Int] = [], isName: Bool = false) { (self.steps, self.isName) = (steps, isName) }

  /// Finds the place, by reading the document again: values do not remember where they were, because only those with a mistake are asked.
  ///
  /// - Parameters:
  ///   - document: one that could be parsed.
  ///   - offset: bytes of UTF-8 from the beginning of the string that is there; nil: the place of the value itself.
  package func place(in document: [UInt8], atCharacter offset: Int? = nil) -> JSONPlace {
    var finder = JSONFinder(document)
    for (index, step) in steps.enumerated() { finder.enter(step, isName: isName && index == steps.count - 1) }
    if let offset { finder.advance(by: offset) }
    return JSONPlace(offset: finder.position, in: document)
  }
}

/// Walks through a document that is known to be valid.
private struct JSONFinder {
  private let document: [UInt8]
  /// Of the first byte of a value or a name.
  private(set) var position = 0

  init(_ document: [UInt8]) {
    self.document = document
    if document.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
    skipBlanks()
  }

  /// Goes to a value in the array or object here.
  ///
  /// - Parameter isName: whether to stop at its name.
  mutating func enter(_ index: Int, isName: Bool) {
    let isObject = next == UInt8(ascii: "{")
    position += 1
    skipBlanks()
    for _ in 0..<index {
      if isObject { skipName() }
      skipValue()
      skipBlanks()
      position += 1
      skipBlanks()
    }
    if isObject, !isName { skipName() }
  }

  /// Goes into the string here.
  ///
  /// - Parameter count: bytes of UTF-8 that the string has before that place.
  mutating func advance(by count: Int) {
    guard next == UInt8(ascii: "\"") else { return }
    position += 1
    var rest = count
    while rest > 0, let byte = next, byte != UInt8(ascii: "\"") {
      guard byte == UInt8(ascii: "\\") else {
        position += 1
        rest -= 1
        continue
      }
      let (length, unit) = escape()
      position += length
      rest -= unit < 0x80 ? 1 : unit < 0x800 ? 2 : (0xd800..<0xdc00).contains(unit) ? 4 : 3
      if (0xd800..<0xdc00).contains(unit) { position += 6 }
    }
  }

  /// The bytes of the escape here, and its UTF-16 unit.
  private func escape() -> (length: Int, unit: Int) {
    guard position + 1 < document.count, document[position + 1] == UInt8(ascii: "u") else { return (2, 0) }
    let digits = document[min(position + 2, document.count)..<min(position + 6, document.count)]
    return (6, digits.reduce(0) { $0 << 4 | (JSONParser.hexadecimal($1) ?? 0) })
  }

  private var next: UInt8? { position < document.count ? document[position] : nil }

  private mutating func skipBlanks() { while let byte = next, Self.blanks.contains(byte) { position += 1 } }

  private mutating func skipName() {
    skipString()
    skipBlanks()
    position += 1
    skipBlanks()
  }

  private mutating func skipString() {
    position += 1
    while let byte = next, byte != UInt8(ascii: "\"") { position += byte == UInt8(ascii: "\\") ? 2 : 1 }
    position += 1
  }

  private mutating func skipValue() {
    var depth = 0
    repeat {
      switch next {
      case nil: return
      case UInt8(ascii: "\""): skipString()
      case UInt8(ascii: "{"), UInt8(ascii: "["): (depth, position) = (depth + 1, position + 1)
      case UInt8(ascii: "}"), UInt8(ascii: "]"): (depth, position) = (depth - 1, position + 1)
      case .some(let byte) where Self.separators.contains(byte): position += 1
      default: while let byte = next, !Self.ends.contains(byte), !Self.separators.contains(byte) { position += 1 }
      }
    } while depth > 0
  }

  private static let blanks = Array(" \n\r\t".utf8)
  private static let separators = Array(" \n\r\t,:".utf8)
  private static let ends = Array("]}".utf8)
}
