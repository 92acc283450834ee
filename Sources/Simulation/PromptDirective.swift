/// Directives to the mock in a prompt: `[[fakeai fault=rate_limit latency=2s]]`, at any position and any number of times.
package struct PromptDirective {
  /// The merged directives; the first one takes precedence.
  package private(set) var spec = FaultSpec()
  /// The prompt without them.
  package private(set) var prompt: String

  private static let opening = "[[fakeai "
  private static let closing = "]]"

  /// - Returns: nil if the prompt has no directive.
  ///
  /// Works on bytes and scalars: comparing characters would take time quadratic in the length of some prompts, such as a sequence of flags.
  package init?(in text: String) throws(FaultSpecError) {
    guard var start = Self.range(of: Self.opening, in: text.utf8[...]) else { return nil }
    prompt = ""
    var rest = text.utf8[...]
    while let end = Self.range(of: Self.closing, in: rest[start.upperBound...]) {
      spec = spec.filled(from: try FaultSpec(parsing: Substring(rest[start.upperBound..<end.lowerBound])))
      append(rest[..<start.lowerBound])
      rest = rest[end.upperBound...]
      guard let next = Self.range(of: Self.opening, in: rest) else { break }
      start = next
    }
    append(rest)
  }

  private static func range(of wanted: String, in text: Substring.UTF8View) -> Range<String.Index>? {
    var rest = text
    while let start = rest.firstIndex(of: UInt8(ascii: wanted.unicodeScalars.first!)) {
      rest = rest[start...]
      if rest.starts(with: wanted.utf8) { return start..<rest.index(start, offsetBy: wanted.utf8.count) }
      rest.removeFirst()
    }
    return nil
  }

  /// Avoids a double space at the position of a removed directive.
  private mutating func append(_ part: Substring.UTF8View) {
    let isAfterBlank = prompt.unicodeScalars.last?.properties.isWhitespace ?? true
    let part = Substring(part)
    prompt += isAfterBlank ? Substring(part.unicodeScalars.drop { $0.properties.isWhitespace }) : part
  }
}
