/// A header's value and its parameters: `form-data; name="image[]"; filename="a \"cat\".png"`.
///
/// It takes what HTTP libraries write, not only what RFC 9110 (section 5.6.4) allows. A backslash escapes only a quote or a backslash,
/// because some clients send Windows paths as file names. A quote ends a text only if a semicolon or the end follows, because some do not
/// escape quotes. Browsers' `%22`, `%0D` and `%0A` (HTML, section 4.10.21.8) are decoded. `filename*` (RFC 5987) overrides `filename`, and
/// `filename*0`, `filename*1` … (RFC 2231) are one text. A parameter without `=` is skipped.
struct HeaderParameters {
  /// In lower case.
  let value: String
  private var parameters: [(name: String, value: String)] = []

  /// - Returns: nil if a quoted text has no end.
  init?(_ text: String) {
    var rest = text.unicodeScalars[...]
    value = Self.token(&rest, until: ";").trimmingBlanks.lowercased()
    while rest.first == ";" {
      rest.removeFirst()
      let name = Self.token(&rest, until: "=", ";").trimmingBlanks.lowercased()
      guard rest.first == "=" else { continue }
      rest.removeFirst()
      rest = rest.drop(while: Self.isBlank)
      guard let value = rest.first == "\"" ? Self.quoted(&rest) : Self.token(&rest, until: ";").trimmingBlanks else { return nil }
      parameters.append((name, value))
    }
  }

  /// The first parameter of that name, decoded.
  subscript(name: String) -> String? {
    if let extended = raw(name + "*"), let decoded = Self.extended(extended) { return decoded }
    return raw(name).map(Self.unescapingFormCharacters) ?? continued(name)
  }

  /// The first parameter of that name as it is written, but without quotes and backslashes.
  func raw(_ name: String) -> String? { parameters.first { $0.name == name }?.value }

  /// Whether there is a parameter of that name in any form, also one that cannot be decoded.
  func isGiven(_ name: String) -> Bool { parameters.contains { $0.name == name || $0.name.hasPrefix(name + "*") } }

  // MARK: Syntax

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }

  private static func token(_ rest: inout Substring.UnicodeScalarView, until ends: Unicode.Scalar...) -> String {
    let token = rest.prefix { !ends.contains($0) }
    rest = rest[token.endIndex...]
    return String(token)
  }

  /// Consumes a quoted text; nil if its end is missing. A backslash before the last quote is the end of a path, not an escape.
  private static func quoted(_ rest: inout Substring.UnicodeScalarView) -> String? {
    rest.removeFirst()
    for hasEscapes in [true, false] {
      var end = rest
      guard let text = quoted(&end, hasEscapes: hasEscapes) else { continue }
      rest = end
      return text
    }
    return nil
  }

  private static func quoted(_ rest: inout Substring.UnicodeScalarView, hasEscapes: Bool) -> String? {
    var text = String.UnicodeScalarView()
    while let scalar = rest.popFirst() {
      if scalar == "\"" {
        let next = rest.drop(while: isBlank)
        if next.isEmpty || next.first == ";" {
          rest = next
          return String(text)
        }
      }
      let isEscape = hasEscapes && scalar == "\\" && (rest.first == "\"" || rest.first == "\\")
      text.append(isEscape ? rest.removeFirst() : scalar)
    }
    return nil
  }
}

// MARK: Encodings

extension HeaderParameters {
  private static func unescapingFormCharacters(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
    return String(validating: percentDecoded(text) { [0x22, 0x0d, 0x0a].contains($0) }, as: UTF8.self) ?? text
  }

  /// `UTF-8'language'percent-encoded`; nil for another character set or an invalid encoding.
  private static func extended(_ text: String) -> String? {
    let parts = text.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3 else { return nil }
    return decoded(percentDecoded(String(parts[2])), parts[0])
  }

  /// A text in up to sixteen numbered pieces, of which those with an asterisk behind the number are percent-encoded.
  private func continued(_ name: String) -> String? {
    var (bytes, characterSet): ([UInt8], Substring) = ([], "utf-8")
    for number in 0..<16 {
      if let piece = raw("\(name)*\(number)*") {
        let parts = piece.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
        let hasSet = number == 0 && parts.count == 3
        if hasSet { characterSet = parts[0] }
        bytes += Self.percentDecoded(hasSet ? String(parts[2]) : piece)
      } else if let piece = raw("\(name)*\(number)") {
        bytes += Array(piece.utf8)
      } else {
        break
      }
    }
    return bytes.isEmpty ? nil : Self.decoded(bytes, characterSet)
  }

  /// Text in one of the two character sets that RFC 5987 requires.
  private static func decoded(_ bytes: [UInt8], _ characterSet: Substring) -> String? {
    switch characterSet.lowercased() {
    case "utf-8", "utf8": String(validating: bytes, as: UTF8.self)
    case "iso-8859-1": String(latin1: bytes[...])
    default: nil
    }
  }

  private static func percentDecoded(_ text: String, where isDecoded: (UInt8) -> Bool = { _ in true }) -> [UInt8] {
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
    return decoded
  }

  private static func digit(_ byte: UInt8) -> UInt8? { Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8($0) } }
}

extension String {
  /// Text in ISO 8859-1, in which any bytes are text.
  init(latin1 bytes: ArraySlice<UInt8>) { self = String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) })) }
}
