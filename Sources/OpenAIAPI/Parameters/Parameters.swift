import FastCGI
import JSON

/// The parameters of a request, by name. Each reader throws the API's error for a value that is not acceptable.
///
/// JSON null means "not given".
struct Parameters: Sendable {
  /// Each name once. A search through the few of a request takes less time than hashing a name.
  private let values: [(name: String, value: ParameterValue)]
  /// The keys that no endpoint knows, in alphabetical order, at most ``mostUnknown``.
  let unknown: [String]
  /// Whether the parameters came as a form rather than as JSON.
  let isForm: Bool
  /// Whether values count as what their sender means, as other servers take them: an empty string as not given, the text `"2"` as a number,
  /// `True` as a boolean. The real API refuses them.
  let isLenient: Bool

  static let mostUnknown = 16

  init(_ values: [String: ParameterValue], unknown: [String] = [], isForm: Bool = false, isLenient: Bool = false) {
    self.init(values.map { ($0, $1) }, unknown: unknown, isForm: isForm, isLenient: isLenient)
  }

  private init(_ values: [(name: String, value: ParameterValue)], unknown: [String], isForm: Bool, isLenient: Bool) {
    let areGiven = !isLenient || values.allSatisfy { !$0.value.isEmptyText }
    self.values = areGiven ? values : values.filter { $0.name == "prompt" || !$0.value.isEmptyText }
    self.unknown = unknown
    self.isForm = isForm
    self.isLenient = isLenient
  }

  /// The parameters of these names only.
  func keeping(_ names: Set<String>) -> Parameters {
    Parameters(values.filter { names.contains($0.name) }, unknown: [], isForm: isForm, isLenient: isLenient)
  }

  /// Whether a value was given.
  func isGiven(_ name: String) -> Bool {
    switch self[name] {
    case nil, .null: false
    default: true
    }
  }

  subscript(name: String) -> ParameterValue? {
    for entry in values where entry.name == name { return entry.value }
    return nil
  }

  /// A string that may be as long as an image: for a JSON body, a view of it.
  func longString(_ name: String) throws(APIError) -> JSONString? {
    if case .string(let value) = self[name] { return value }
    return try string(name).map { JSONString($0) }
  }

  func string(_ name: String) throws(APIError) -> String? {
    switch self[name] {
    case nil, .null: nil
    case .string(let value): value.text
    case .text(let value): value
    case .some(let other): throw .wrongType(name, expected: "a string", got: other.kind)
    }
  }

  func integer(_ name: String, in range: ClosedRange<Int>) throws(APIError) -> Int? {
    guard let value = try integer(name) else { return nil }
    if value < Double(range.lowerBound) { throw .belowMinimum(name, Self.digits(value), minimum: range.lowerBound) }
    if value > Double(range.upperBound) { throw .aboveMaximum(name, Self.digits(value), maximum: range.upperBound) }
    return Int(value)
  }

  func number(_ name: String, in range: ClosedRange<Double>) throws(APIError) -> Double? {
    let value: Double
    switch self[name] {
    case nil, .null: return nil
    case .integer(let integer): value = Double(integer)
    case .decimal(let decimal): value = decimal
    case .text(let text):
      guard let number = Double(text), number.isFinite else { throw .unconvertible(name, to: "a number") }
      value = number
    case .string(let text) where isLenient && Double(text.text)?.isFinite == true: value = Double(text.text) ?? 0
    case .some(let other): throw .wrongType(name, expected: "a number", got: other.kind)
    }
    if value < range.lowerBound { throw .decimalBelowMinimum(name, Self.digits(value), minimum: range.lowerBound) }
    if value > range.upperBound { throw .decimalAboveMaximum(name, Self.digits(value), maximum: range.upperBound) }
    return value
  }

  func boolean(_ name: String) throws(APIError) -> Bool? {
    switch self[name] {
    case nil, .null: return nil
    case .boolean(let value): return value
    case .text(let text):
      guard let value = truth(of: text) else { throw .unconvertible(name, to: "a boolean") }
      return value
    case .string(let text) where isLenient && truth(of: text.text) != nil: return truth(of: text.text)
    case .integer(let value) where isLenient && (0...1).contains(value): return value == 1
    case .some(let other): throw .wrongType(name, expected: "a boolean", got: other.kind)
    }
  }

  private func truth(of text: String) -> Bool? {
    isLenient ? Self.lenientBooleans[text.lowercased()] : Self.booleans[text]
  }

  private static let booleans = ["true": true, "false": false]
  private static let lenientBooleans = ["true": true, "false": false, "1": true, "0": false]

  /// One of a set of strings.
  ///
  /// - Parameters:
  ///   - unnamed: further strings that are accepted but not listed in the error.
  ///   - synonyms: what a lenient request may say instead, in lower case.
  func choice(
    _ name: String, of supported: [String], unnamed: [String] = [], synonyms: [String: String] = [:]
  ) throws(APIError) -> String? {
    switch self[name] {
    case nil, .null, .string, .text:
      guard var value = try string(name) else { return nil }
      if isLenient, !supported.contains(value) { value = synonyms[value.lowercased()] ?? value.lowercased() }
      guard supported.contains(value) || unnamed.contains(value) else { throw .unsupportedValue(name, value, supported: supported) }
      return value
    case .some(let other):
      throw .wrongType(name, expected: "one of \(APIError.list(supported, conjunction: "or"))", got: other.kind)
    }
  }

  /// The members of an object as parameters of their own, named `object.member`.
  func object(_ name: String) throws(APIError) -> Parameters? {
    switch self[name] {
    case nil, .null: return nil
    case .object(let members):
      return Parameters(Dictionary(uniqueKeysWithValues: members.map { ("\(name).\($0.key)", $0.value) }), isLenient: isLenient)
    case .some(let other): throw .wrongType(name, expected: "an object", got: other.kind)
    }
  }

  /// Throws if a given parameter is unknown to the endpoint for models of that family.
  func refuseUnknown(_ operation: ImageOperation, _ family: ModelFamily) throws(APIError) {
    if operation == .edit, isGiven(isForm ? "images" : "image") { throw isForm ? .imagesInForm : .imageInJSON }
    let foreign = KnownParameter.all.filter { !$0.operations.contains(operation) || !$0.families.contains(family) }.map(\.name).filter(
      isGiven)
    if let name = (foreign + unknown).min() { throw .unknownParameter(name) }
  }

  /// The names of the parameters that have no effect: those that no endpoint knows, and those of other endpoints.
  func names(withoutEffectOn operation: ImageOperation) -> [String] {
    // Other names of parameters that do have an effect.
    let synonyms: Set = operation == .edit ? ["image", "images"] : []
    let foreign = KnownParameter.foreign[operation, default: []].filter(isGiven)
    return (unknown + foreign).filter { !synonyms.contains($0) }
  }

  /// Whether a parameter or a value is given that only GPT image models have.
  var needGPT: Bool {
    if KnownParameter.all.contains(where: { $0.families == [.gpt] && isGiven($0.name) }) { return true }
    if let quality = try? string("quality"), ["low", "medium", "high", "xhigh", "max"].contains(quality) { return true }
    if let size = try? string("size"), SizeRule.gptImage1.named.contains(size), !SizeRule.dallE2.named.contains(size) { return true }
    for name in ["image", "images"] { if case .array(_, let count) = self[name], count > 1 { return true } }
    return false
  }

  /// An integer, possibly too large for `Int`. Beyond 2^53 it is out of every range, so its last digits do not matter.
  private func integer(_ name: String) throws(APIError) -> Double? {
    switch self[name] {
    case nil, .null: return nil
    case .integer(let value): return Double(value)
    case .decimal(let value) where abs(value) > 9e15 || isLenient && value == value.rounded(): return value
    case .text(let text):
      guard let value = number(in: text) else { throw .unconvertible(name, to: "an integer") }
      return value
    case .string(let text) where isLenient && number(in: text.text) != nil: return number(in: text.text)
    case .some(let other): throw .wrongType(name, expected: "an integer", got: other.kind)
    }
  }

  private func number(in text: String) -> Double? { Int(isLenient ? text.filter { $0 != " " } : text).map(Double.init) }

  private static func digits(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }
}

extension Parameters {
  /// Reads the members of a JSON object. Keeps the known ones and, of the others, the names of those with a value.
  init(json: JSONValue, isLenient: Bool = false) throws(APIError) {
    guard case .object(let object) = json else { throw .unreadableJSON }
    var values: [(name: String, value: ParameterValue)] = []
    values.reserveCapacity(min(object.members.count, KnownParameter.all.count))
    var unknown = UnknownNames()
    for member in object.members {
      let name = member.name.text
      if KnownParameter.names.contains(name) {
        let value = ParameterValue(member.value)
        // Of several members with the same name, the last one counts.
        if let place = values.firstIndex(where: { $0.name == name }) { values[place].value = value } else { values.append((name, value)) }
      } else if member.value != .null {
        unknown.insert(name)
      }
    }
    self.init(values, unknown: unknown.names, isForm: false, isLenient: isLenient)
  }
}

/// The alphabetically first of the names that were inserted, each once.
struct UnknownNames {
  private(set) var names: [String] = []

  mutating func insert(_ name: String) {
    guard let place = names.firstIndex(where: { $0 >= name }) else {
      if names.count < Parameters.mostUnknown { names.append(name) }
      return
    }
    guard names[place] != name else { return }
    names.insert(name, at: place)
    if names.count > Parameters.mostUnknown { names.removeLast() }
  }
}
