/// What a prompt says to the mock: `[[fakeai fault=rate_limit latency=2s]]`, anywhere in it and as often as one likes.
package struct PromptDirective {
  /// What the directives say, the first one first.
  package private(set) var behaviour = Behaviour()
  /// The prompt without them.
  package private(set) var prompt: String

  private static let opening = "[[fakeai "
  private static let closing = "]]"

  /// - Returns: nil where the prompt has none.
  package init?(in text: String) throws(BehaviourError) {
    guard Self.isOpened(in: text) else { return nil }
    prompt = ""
    var rest = text[...]
    while let start = rest.firstRange(of: Self.opening), let end = rest[start.upperBound...].firstRange(of: Self.closing) {
      behaviour = behaviour.filled(from: try Behaviour(parsing: rest[start.upperBound..<end.lowerBound]))
      append(rest[..<start.lowerBound])
      rest = rest[end.upperBound...]
    }
    append(rest)
  }

  /// Byte by byte: comparing characters takes milliseconds for a long prompt, and most have no directive.
  private static func isOpened(in text: String) -> Bool {
    var rest = text.utf8[...]
    while let start = rest.firstIndex(of: UInt8(ascii: "[")) {
      rest = rest[start...]
      if rest.starts(with: opening.utf8) { return true }
      rest.removeFirst()
    }
    return false
  }

  /// Leaves no two blanks where a directive stood between them.
  private mutating func append(_ part: Substring) {
    let isAfterBlank = prompt.last?.isWhitespace ?? true
    prompt += isAfterBlank ? part.drop(while: \.isWhitespace) : part
  }
}
