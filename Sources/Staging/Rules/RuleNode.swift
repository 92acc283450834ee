/// A value somewhere in a document of rules; each reader throws what is wrong there and what would be right.
struct RuleNode {
  let value: RuleJSON
  let path: String

  init(_ value: RuleJSON, path: String) {
    self.value = value
    self.path = path
  }

  func array(atMost limit: Int) throws(RuleDocumentError) -> [RuleJSON] {
    guard case .array(let elements) = value else { throw error("must be a list") }
    guard elements.count <= limit else { throw error("has \(elements.count) elements; allowed: at most \(limit)") }
    return elements
  }

  /// The members of an object, which may have no others than those.
  func members(_ names: [String]) throws(RuleDocumentError) -> [String: RuleNode] {
    guard case .object(let members) = value else { throw error("must be an object") }
    if let unknown = members.keys.sorted().first(where: { !names.contains($0) }) {
      throw error("has no member \(unknown.debugDescription); allowed: \(names.joined(separator: ", "))")
    }
    return members.reduce(into: [:]) { $0[$1.key] = RuleNode($1.value, path: "\(path).\($1.key)") }
  }

  func string(atMost limit: Int = 1000) throws(RuleDocumentError) -> String {
    guard case .string(let text) = value, !text.isEmpty, text.utf8.count <= limit else {
      throw error("must be a string of 1 to \(limit) bytes")
    }
    return text
  }

  func number(in range: ClosedRange<Double>) throws(RuleDocumentError) -> Double {
    guard case .number(let number) = value, range.contains(number) else {
      throw error("must be a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func integer(in range: ClosedRange<UInt64>) throws(RuleDocumentError) -> UInt64 {
    guard case .number(let number) = value, let integer = UInt64(exactly: number), range.contains(integer) else {
      throw error("must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return integer
  }

  func error(_ problem: String) -> RuleDocumentError { RuleDocumentError(path: path, problem: problem) }
}
