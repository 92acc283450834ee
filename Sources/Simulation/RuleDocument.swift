import JSON
import Spelling

/// A list of rules as JSON:
///
/// ```json
/// [{"name": "every seventh", "match": {"model": "dall-e-3"}, "when": {"every": 7}, "then": {"fault": "rate_limit", "retry_after": "2s"}}]
/// ```
///
/// An unknown word is an error at any position: a rule that silently does nothing would be hard to debug.
package struct RuleDocument: Sendable, Equatable {
  /// The document as received.
  package let text: [UInt8]
  package let rules: [Rule]

  package static let empty = RuleDocument(text: Array("[]\n".utf8), rules: [])
  /// Maximum length of a document in bytes.
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

/// An error in a document, and its position.
package struct RuleDocumentError: Error, Equatable, CustomStringConvertible {
  package var path: String
  package var problem: String

  package init(path: String, problem: String) { (self.path, self.problem) = (path, problem) }

  package var description: String { "\(path) \(problem)" }
}

/// A value in a document of rules. Each reader throws an error that says what is wrong and what would be right.
struct RuleNode {
  let value: JSONValue
  let path: String

  init(_ value: JSONValue, path: String) {
    self.value = value
    self.path = path
  }

  func array(atMost limit: Int) throws(RuleDocumentError) -> [JSONValue] {
    guard case .array(let elements) = value else { throw error("must be a list") }
    guard elements.count <= limit else { throw error("has \(elements.count) elements; allowed: at most \(limit)") }
    return elements
  }

  /// The members of an object, which must have no others than `names`.
  func members(_ names: [String]) throws(RuleDocumentError) -> [String: RuleNode] {
    guard case .object(let object) = value else { throw error("must be an object") }
    var members: [String: RuleNode] = [:]
    for member in object.members {
      let name = member.name.text
      guard names.contains(name) else {
        let unknown = "\(name.debugDescription)\(names.suggestion(for: name))"
        throw error("has the unknown member \(unknown); allowed: \(names.joined(separator: ", "))")
      }
      guard members.updateValue(RuleNode(member.value, path: "\(path).\(name)"), forKey: name) == nil else {
        throw error("has the member \(name.debugDescription) twice")
      }
    }
    return members
  }

  func string(atMost limit: Int = 1000) throws(RuleDocumentError) -> String {
    guard case .string(let string) = value, (1...limit).contains(string.utf8.count) else {
      throw error("must be a string of 1 to \(limit) bytes")
    }
    return string.text
  }

  func number(in range: ClosedRange<Double>) throws(RuleDocumentError) -> Double {
    let number: Double? =
      switch value {
      case .integer(let number): Double(number)
      case .decimal(let number): number
      default: nil
      }
    guard let number, range.contains(number) else {
      throw error("must be a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func integer(in range: ClosedRange<UInt64>) throws(RuleDocumentError) -> UInt64 {
    guard case .integer(let number) = value, let integer = UInt64(exactly: number), range.contains(integer) else {
      throw error("must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return integer
  }

  func error(_ problem: String) -> RuleDocumentError { RuleDocumentError(path: path, problem: problem) }
}
