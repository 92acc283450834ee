/// A header's value and its parameters: `form-data; name="image[]"; filename="a \"cat\".png"`.
///
/// Quotes follow RFC 9110 (section 5.6.4) with one exception that browsers need: a backslash escapes only a quote or a backslash, because some
/// browsers send Windows paths as file names. Browsers' `%22`, `%0D` and `%0A` (HTML, section 4.10.21.8) are decoded, and `filename*` (RFC
/// 5987) overrides `filename`.
struct HeaderParameters {
  /// In lower case.
  let value: String
  private var parameters: [(name: String, value: String)] = []

  /// - Returns: nil if the syntax is invalid.
  init?(_ text: String) {
    var rest = text.unicodeScalars[...]
    value = Self.token(&rest, until: ";").trimmingBlanks.lowercased()
    while rest.first == ";" {
      rest.removeFirst()
      let name = Self.token(&rest, until: "=", ";").trimmingBlanks.lowercased()
      if name.isEmpty, rest.first != "=" { continue }
      guard !name.isEmpty, rest.popFirst() == "=" else { return nil }
      rest = rest.drop { $0 == " " || $0 == "\t" }
      guard let value = rest.first == "\"" ? Self.quoted(&rest) : Self.token(&rest, until: ";").trimmingBlanks else { return nil }
      parameters.append((name, value))
    }
    guard rest.isEmpty else { return nil }
  }

  /// The first parameter of that name.
  subscript(name: String) -> String? {
    if let extended = first(name + "*"), let decoded = Self.extended(extended) { return decoded }
    return first(name).map(Self.unescapingFormCharacters)
  }

  private func first(_ name: String) -> String? { parameters.first { $0.name == name }?.value }

  private static func token(_ rest: inout Substring.UnicodeScalarView, until ends: Unicode.Scalar...) -> String {
    let token = rest.prefix { !ends.contains($0) }
    rest = rest[token.endIndex...]
    return String(token)
  }

  /// Consumes a quoted string; nil if its end is missing, or if something follows before the next parameter.
  private static func quoted(_ rest: inout Substring.UnicodeScalarView) -> String? {
    rest.removeFirst()
    var text = String.UnicodeScalarView()
    while let scalar = rest.popFirst() {
      if scalar == "\"" {
        rest = rest.drop { $0 == " " || $0 == "\t" }
        return rest.isEmpty || rest.first == ";" ? String(text) : nil
      }
      let isEscape = scalar == "\\" && (rest.first == "\"" || rest.first == "\\")
      text.append(isEscape ? rest.removeFirst() : scalar)
    }
    return nil
  }

  private static func unescapingFormCharacters(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
    return percentDecoded(text) { [0x22, 0x0d, 0x0a].contains($0) } ?? text
  }

  /// `UTF-8'language'percent-encoded`; nil for another character set or an invalid encoding.
  private static func extended(_ text: String) -> String? {
    let parts = text.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].lowercased() == "utf-8" else { return nil }
    return percentDecoded(String(parts[2])) { _ in true }
  }

  /// - Returns: nil if the result is not UTF-8.
  private static func percentDecoded(_ text: String, where isDecoded: (UInt8) -> Bool) -> String? {
    let bytes = Array(text.utf8)
    var (decoded, index): ([UInt8], Int) = ([], 0)
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count, let high = digit(bytes[index + 1]), let low = digit(bytes[index + 2]),
        isDecoded(high << 4 | low)
      {
        decoded.append(high << 4 | low)
        index += 3
      } else {
        decoded.append(bytes[index])
        index += 1
      }
    }
    return String(validating: decoded, as: UTF8.self)
  }

  private static func digit(_ byte: UInt8) -> UInt8? { Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8($0) } }
}
