/// The CGI variables of a request (RFC 3875) as they came, name after name: HTTP_HOST, REQUEST_SCHEME, …
///
/// Most are never read, so a value becomes a `String` only on demand. A linear search over a dozen or two is faster than building a hash
/// table. Most of the names that are looked up are not there, which a set of 64 bits tells without a search.
package struct CGIParameters: Sendable, Equatable {
  private var bytes: [UInt8] = []
  private var entries: [Entry] = []
  /// One bit for each name, see ``mark(length:last:)``. A name whose bit is missing is not there.
  private var marks: UInt64 = 0

  private struct Entry: Equatable {
    var name: Range<Int>
    var value: Range<Int>
  }

  package init() {}

  /// Reserves the capacity that is enough for most requests.
  init(reservingFor variables: Int, bytes count: Int) {
    entries.reserveCapacity(variables)
    bytes.reserveCapacity(count)
  }

  /// Appends a variable as libfcgi has it: `NAME=value`.
  ///
  /// - Parameter equals: the offset of the equals sign.
  mutating func append(assignment: UnsafeRawBufferPointer, equals: Int) {
    let start = bytes.count
    unsafe bytes.append(contentsOf: assignment.bindMemory(to: UInt8.self))
    let middle = start + equals
    entries.append(Entry(name: start..<middle, value: middle + 1..<bytes.count))
    if equals > 0 { marks |= Self.mark(length: equals, last: bytes[middle - 1]) }
  }

  /// The value of a variable, or nil if there is none of that name. If a name occurs more than once, the last value wins.
  package subscript(name: String) -> String? {
    let name = name.utf8.span
    guard let last = name.last, marks & Self.mark(length: name.count, last: last) != 0 else { return nil }
    for entry in entries.reversed() where isEqual(entry.name, name) { return text(entry.value) }
    return nil
  }

  /// The value of a header. Its variable is `HTTP_` and the name in upper case, with `_` for `-`.
  func header(_ name: String) -> String? {
    let name = name.utf8.span
    guard mayHaveHeader(name) else { return nil }
    for entry in entries.reversed() where isVariable(entry.name, of: name) { return text(entry.value) }
    return nil
  }

  /// The values of all headers of that name, in their order, as one list; nil if there is none.
  func headerList(_ name: String) -> String? {
    let name = name.utf8.span
    guard mayHaveHeader(name) else { return nil }
    var list: String?
    for entry in entries where isVariable(entry.name, of: name) { list = list.map { $0 + ", " + text(entry.value) } ?? text(entry.value) }
    return list
  }

  /// Whether there is a header whose name begins with a text: one pass instead of one for each name.
  func hasHeader(startingWith start: String) -> Bool {
    let start = start.utf8.span
    let length = Self.prefix.count + start.count
    guard let last = start.last?.inVariable else { return !entries.isEmpty }
    // The last byte differs in nearly all other names.
    return entries.contains {
      $0.name.count >= length && bytes[$0.name.lowerBound + length - 1] == last && isVariable($0.name.prefix(length), of: start)
    }
  }

  private func mayHaveHeader(_ name: Span<UInt8>) -> Bool {
    guard let last = name.last else { return false }
    return marks & Self.mark(length: Self.prefix.count + name.count, last: last.inVariable) != 0
  }

  /// The bit of a name: of length and last byte, which together tell most names apart.
  private static func mark(length: Int, last: UInt8) -> UInt64 { 1 << UInt64((length &+ 7 &* Int(last)) & 63) }

  /// Whether the bytes at `place` are the name of a header's variable.
  private func isVariable(_ place: Range<Int>, of name: Span<UInt8>) -> Bool {
    guard place.count == Self.prefix.count + name.count else { return false }
    let start = place.lowerBound + Self.prefix.count
    // From the end, because many names begin alike.
    for index in name.indices.reversed() where bytes[start + index] != name[index].inVariable { return false }
    for index in Self.prefix.indices where bytes[place.lowerBound + index] != Self.prefix[index] { return false }
    return true
  }

  private static let prefix = Array("HTTP_".utf8)

  private func isEqual(_ place: Range<Int>, _ name: Span<UInt8>) -> Bool {
    guard place.count == name.count else { return false }
    for index in name.indices where bytes[place.lowerBound + index] != name[index] { return false }
    return true
  }

  private func text(_ value: Range<Int>) -> String { String(decoding: bytes[value], as: UTF8.self) }
}

extension CGIParameters: ExpressibleByDictionaryLiteral {
  package init(_ variables: [String: String]) {
    for (name, value) in variables { append(name, value) }
  }

  package init(dictionaryLiteral elements: (String, String)...) {
    for (name, value) in elements { append(name, value) }
  }

  private mutating func append(_ name: String, _ value: String) {
    unsafe Array("\(name)=\(value)".utf8).withUnsafeBytes { unsafe append(assignment: $0, equals: name.utf8.count) }
  }
}

extension Span<UInt8> {
  fileprivate var last: UInt8? { isEmpty ? nil : self[count - 1] }
}

extension UInt8 {
  /// The byte as CGI spells it in the variable of a header.
  fileprivate var inVariable: UInt8 { self == UInt8(ascii: "-") ? UInt8(ascii: "_") : uppercased }
}
