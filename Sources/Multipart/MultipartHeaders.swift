/// The headers of one part. Lines end with CRLF or LF. A line that begins with a blank continues the one before it (RFC 5322, section 2.2.3).
struct MultipartHeaders {
  /// Names in lower case.
  private var values: [(name: String, value: String)] = []
  /// Where the content begins.
  let end: Int

  /// - Parameter part: the part's number, for errors.
  init(_ bytes: ArraySlice<UInt8>, part: Int, limit: Int) throws(MultipartError) {
    var line = bytes.startIndex
    while true {
      let rest = bytes[line...].prefix(max(limit - (line - bytes.startIndex), 0) + 2)
      guard let lineFeed = rest.firstIndex(of: 10) else {
        throw bytes.count > limit ? .headersTooLong(limit: limit) : .headerMalformed(part: part)
      }
      let text = rest[..<lineFeed].last == 13 ? rest[..<(lineFeed - 1)] : rest[..<lineFeed]
      line = lineFeed + 1
      guard let first = text.first else { break }
      if (first == 32 || first == 9) && !values.isEmpty {
        values[values.count - 1].value += " " + Self.text(text).trimmingBlanks
      } else {
        values.append(try Self.header(text, part: part))
      }
    }
    end = line
  }

  /// The first value of that name, which must be in lower case.
  subscript(name: String) -> String? { values.first { $0.name == name }?.value }

  private static func header(_ line: ArraySlice<UInt8>, part: Int) throws(MultipartError) -> (String, String) {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { throw .headerMalformed(part: part) }
    let name = text(line[..<colon]).trimmingBlanks
    guard !name.isEmpty, line.first != 32, line.first != 9, name.utf8.allSatisfy({ (33...126).contains($0) }) else {
      throw .headerMalformed(part: part)
    }
    return (name.lowercased(), text(line[(colon + 1)...]).trimmingBlanks)
  }

  /// File names come in UTF-8, or as the bytes of whatever character set the client uses.
  private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(validating: bytes, as: UTF8.self) ?? String(latin1: bytes) }
}

extension StringProtocol {
  /// Without blanks and tabs at both ends.
  var trimmingBlanks: String {
    func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }
    let scalars = unicodeScalars.drop(while: isBlank)
    guard let last = scalars.lastIndex(where: { !isBlank($0) }) else { return "" }
    return String(String.UnicodeScalarView(scalars[...last]))
  }
}
