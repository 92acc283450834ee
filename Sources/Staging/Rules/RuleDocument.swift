import JSON

/// A list of rules as JSON:
///
/// ```json
/// [{"name": "every seventh", "match": {"model": "dall-e-3"}, "when": {"every": 7}, "then": {"fault": "rate_limit", "retry_after": "2s"}}]
/// ```
///
/// A word that is not known is refused wherever it stands, for a rule that silently does nothing would be searched for long.
package struct RuleDocument: Sendable, Equatable {
  /// As it was written.
  package let text: [UInt8]
  package let rules: [Rule]

  package static let empty = RuleDocument(text: Array("[]\n".utf8), rules: [])
  /// Bytes of the longest document.
  package static let longest = 64 << 10
  package static let mostRules = 64

  private init(text: [UInt8], rules: [Rule]) {
    self.text = text
    self.rules = rules
  }

  package init(parsing text: [UInt8]) throws(RuleDocumentError) {
    guard text.count <= Self.longest else {
      throw RuleDocumentError(path: "the document", problem: "has \(text.count) bytes; allowed: at most \(Self.longest)")
    }
    let json: JSONValue
    do throws(JSONError) { json = try JSONValue(parsing: text) } catch {
      throw RuleDocumentError(path: "the document", problem: "is not valid JSON: \(error)")
    }
    let elements = try RuleNode(json, path: "the document").array(atMost: Self.mostRules)
    var rules: [Rule] = []
    for (index, element) in elements.enumerated() { rules.append(try Rule(RuleNode(element, path: "rule \(index + 1)"))) }
    self.init(text: text, rules: rules)
  }
}

/// What is wrong with a document, and where.
package struct RuleDocumentError: Error, Equatable, CustomStringConvertible {
  package var path: String
  package var problem: String

  package var description: String { "\(path) \(problem)" }
}
