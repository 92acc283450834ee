/// The headers of one part.
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
      guard let length = rest.indices.first(where: { rest[$0] == 13 && $0 + 1 < rest.endIndex && rest[$0 + 1] == 10 }) else {
        throw bytes.count > limit ? .headersTooLong(limit: limit) : .headerMalformed(part: part)
      }
      let text = rest[..<length]
      line = length + 2
      guard !text.isEmpty else { break }
      values.append(try Self.header(text, part: part))
    }
    end = line
  }

  /// The first value of that name, which must be in lower case.
  subscript(name: String) -> String? { values.first { $0.name == name }?.value }

  private static func header(_ line: ArraySlice<UInt8>, part: Int) throws(MultipartError) -> (String, String) {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
      line[..<colon].allSatisfy({ (33...126).contains($0) }), let value = String(validating: line[(colon + 1)...], as: UTF8.self)
    else { throw .headerMalformed(part: part) }
    return (String(decoding: line[..<colon], as: UTF8.self).lowercased(), value.trimmingBlanks)
  }
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
