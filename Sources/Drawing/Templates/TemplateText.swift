/// A text with placeholders such as `{prompt}`, which are replaced for each picture.
package struct TemplateText: Sendable, Equatable {
  package enum Part: Sendable, Equatable {
    case literal(String)
    case word(TemplateWord)
  }

  package let parts: [Part]
  /// The parts before and after the last ` | ` that is not part of a word, found once; nil if there is none.
  private let divided: Division?

  private struct Division: Equatable {
    let before: [Part]
    let after: [Part]
  }

  /// Parses a text. `{{` stands for a brace; a closing one stands for itself.
  package init(parsing text: String) throws(TemplateTextError) {
    var parts: [Part] = []
    var literal = ""
    var rest = text.unicodeScalars[...]
    func offset(_ index: String.Index) -> Int { text.utf8.distance(from: text.startIndex, to: index) }
    while let scalar = rest.popFirst() {
      guard scalar == "{" else {
        literal.unicodeScalars.append(scalar)
        continue
      }
      if rest.first == "{" {
        rest.removeFirst()
        literal.unicodeScalars.append("{")
        continue
      }
      let start = offset(rest.startIndex) - 1
      guard let end = rest.firstIndex(of: "}") else { throw TemplateTextError(offset: start, name: nil) }
      let name = String(rest[..<end])
      guard let word = TemplateWord(rawValue: name) else { throw TemplateTextError(offset: start, name: name) }
      rest = rest[rest.index(after: end)...]
      if !literal.isEmpty { parts.append(.literal(literal)) }
      literal = ""
      parts.append(.word(word))
    }
    if !literal.isEmpty { parts.append(.literal(literal)) }
    self.parts = parts
    divided = Self.divided(parts)
  }

  private static func divided(_ parts: [Part]) -> Division? {
    for (index, part) in parts.enumerated().reversed() {
      guard case .literal(let literal) = part, let bar = literal.ranges(of: bar).last else { continue }
      return Division(
        before: parts[..<index] + [.literal(String(literal[..<bar.lowerBound]))],
        after: [.literal(String(literal[bar.upperBound...]))] + parts[(index + 1)...])
    }
    return nil
  }

  /// The text with its words.
  func text(_ words: TemplateWords) -> String { Self.text(parts, words) }

  private static func text(_ parts: [Part], _ words: TemplateWords) -> String {
    parts.reduce(into: "") { text, part in
      switch part {
      case .literal(let literal): text += literal
      case .word(let word): text += words[word]
      }
    }
  }

  /// The texts before and after the last ` | ` that is not part of a word; only the first one if there is none.
  func halves(_ words: TemplateWords) -> (String, String?) {
    guard let divided else { return (text(words), nil) }
    return (Self.text(divided.before, words), Self.text(divided.after, words))
  }

  private static let bar = " | "
}

/// Why a text cannot be parsed.
package struct TemplateTextError: Error, Equatable {
  /// Where the brace is, in bytes of UTF-8 from the text's beginning.
  package let offset: Int
  /// The name that is not a placeholder's; nil: the brace is not closed.
  package let name: String?
}

/// What a placeholder in braces stands for.
package enum TemplateWord: String, Sendable, Hashable, CaseIterable {
  case prompt, model, size, quality, style, index, n, seed, time
  case requestID = "request_id"
  case key
}

/// The words of one picture.
package struct TemplateWords: Sendable {
  /// As the request says it, such as `high`; nil: as the picture is drawn.
  package var quality: String?
  /// Images of the request.
  package var count: Int
  /// Without a request, both are empty.
  package var requestID: String
  /// The end of the API key.
  package var key: String
  private var placeholder: Placeholder?

  package init(quality: String? = nil, count: Int = 1, requestID: String = "", key: String = "") {
    (self.quality, self.count, self.requestID, self.key) = (quality, count, requestID, key)
  }

  /// These words for a picture.
  func of(_ placeholder: Placeholder) -> TemplateWords {
    var words = self
    words.placeholder = placeholder
    return words
  }

  subscript(word: TemplateWord) -> String {
    guard let description = placeholder?.description else { return "" }
    return switch word {
    case .prompt: description.prompt
    case .model: description.model
    case .size: description.size.description
    case .quality: quality ?? description.quality.rawValue
    case .style: description.style.rawValue
    case .index: String(description.index + 1)
    case .n: String(max(count, description.index + 1))
    case .seed: String(description.seed)
    case .time: placeholder?.timestamp ?? ""
    case .requestID: requestID
    case .key: key
    }
  }
}
