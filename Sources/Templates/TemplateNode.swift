import Drawing
import JSON
import Spelling

/// A value in a template's file. Each reader notes what is wrong and what would be right, and returns nil then.
struct TemplateNode {
  let value: JSONValue
  private let path: JSONPath
  private let faults: TemplateFaults

  init(_ value: JSONValue, at path: JSONPath = JSONPath(), _ faults: TemplateFaults) {
    (self.value, self.path, self.faults) = (value, path, faults)
  }

  private func child(_ value: JSONValue, _ index: Int) -> TemplateNode {
    TemplateNode(value, at: JSONPath(path.steps + [index]), faults)
  }

  /// - Parameters:
  ///   - atName: whether the name of the member is wrong, and not its value.
  ///   - offset: bytes from the beginning of the string.
  func fault(_ problem: String, atName: Bool = false, character offset: Int? = nil) {
    faults.add(problem, at: JSONPath(path.steps, isName: atName), character: offset)
  }

  /// The members of an object by their names. Unknown ones, and those that occur twice, are faults of their own.
  ///
  /// - Parameter kind: what the object is, with its article.
  func members(_ names: [String], of kind: String) -> [String: TemplateNode]? {
    guard case .object(let object) = value else {
      fault("\(kind) must be an object, not \(value.kind); allowed members: \(names.joined(separator: ", "))")
      return nil
    }
    var members: [String: TemplateNode] = [:]
    for (index, member) in object.members.enumerated() {
      let (name, node) = (member.name.text, child(member.value, index))
      if !names.contains(name) {
        let unknown = "\(Self.quoted(name)) is not a member of \(kind)\(names.suggestion(for: name))"
        node.fault("\(unknown); allowed: \(names.joined(separator: ", "))", atName: true)
      } else if members.updateValue(node, forKey: name) != nil {
        node.fault("\(Self.quoted(name)) occurs twice in \(kind); allowed: once", atName: true)
      }
    }
    return members
  }

  /// The names of an object's members, in their order; none of another value.
  var names: [String] { value.object?.members.map(\.name.text) ?? [] }

  func elements(_ counts: ClosedRange<Int>, of what: String) -> [TemplateNode]? {
    guard case .array(let elements) = value else {
      fault("must be a list of \(what), not \(value.kind)")
      return nil
    }
    guard counts.contains(elements.count) else {
      fault("has \(elements.count) \(what); allowed: \(counts.lowerBound) to \(counts.upperBound)")
      return nil
    }
    return elements.enumerated().map { child($1, $0) }
  }

  func number(in range: ClosedRange<Double>, above: Bool = false) -> Float? {
    let bounds = above ? "above \(Self.text(range.lowerBound)), up to \(Self.text(range.upperBound))" : Self.text(range)
    guard let number, range.contains(number), !above || number > range.lowerBound else {
      fault("\(shown) is not allowed here; allowed: a number \(bounds)")
      return nil
    }
    return Float(number)
  }

  func integer(in range: ClosedRange<Int>) -> Int? {
    guard case .integer(let number) = value, range.contains(number) else {
      fault("\(shown) is not allowed here; allowed: a whole number from \(range.lowerBound) to \(range.upperBound)")
      return nil
    }
    return number
  }

  /// Two numbers.
  func pair(in range: ClosedRange<Double>, above: Bool = false, of what: String) -> (Float, Float)? {
    guard case .array(let elements) = value, elements.count == 2 else {
      fault("\(shown) is not allowed here; allowed: a list of two numbers, \(what)")
      return nil
    }
    guard let first = child(elements[0], 0).number(in: range, above: above),
      let second = child(elements[1], 1).number(in: range, above: above)
    else { return nil }
    return (first, second)
  }

  func string(atMost limit: Int, of what: String) -> String? {
    guard case .string(let string) = value else {
      fault("must be \(what), not \(value.kind)")
      return nil
    }
    guard (1...limit).contains(string.utf8.count) else {
      fault("has \(string.utf8.count) bytes; allowed: \(what) of 1 to \(limit)")
      return nil
    }
    return string.text
  }

  /// One of some words.
  func choice<Value>(_ values: [(name: String, value: Value)]) -> Value? {
    let names = values.map(\.name)
    if let text = value.text, let choice = values.first(where: { $0.name == text }) { return choice.value }
    let suggestion = value.text.map { names.suggestion(for: $0) } ?? ""
    fault("\(shown)\(suggestion) is not allowed here; allowed: \(names.joined(separator: ", "))")
    return nil
  }

  func choice<Value: RawRepresentable & CaseIterable>(_: Value.Type) -> Value? where Value.RawValue == String {
    choice(Value.allCases.map { ($0.rawValue, $0) })
  }

  private var number: Double? {
    switch value {
    case .integer(let number): Double(number)
    case .decimal(let number): number
    default: nil
    }
  }

  /// The value as a message shows it.
  private var shown: String {
    switch value {
    case .string(let string): Self.quoted(string.text)
    case .integer(let number): String(number)
    case .decimal(let number): String(number)
    case .boolean(let boolean): String(boolean)
    case .null, .array, .object: value.kind
    }
  }

  /// A text in a message of one line: long ones are cut.
  static func quoted(_ text: String) -> String {
    text.unicodeScalars.count > longestShown ? (String(text.prefix(longestShown)) + "…").debugDescription : text.debugDescription
  }

  private static let longestShown = 60

  static func text(_ range: ClosedRange<Double>) -> String { "from \(text(range.lowerBound)) to \(text(range.upperBound))" }

  private static func text(_ number: Double) -> String { Int(exactly: number).map(String.init) ?? String(number) }
}
