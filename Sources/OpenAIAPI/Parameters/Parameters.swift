import FastCGI
import JSON

/// The parameters of a request, by name. Each reader throws the API's error for a value that is not acceptable.
///
/// JSON null means "not given".
struct Parameters: Sendable {
  private let values: [String: ParameterValue]
  /// The alphabetically first of the keys that no endpoint knows.
  private let unknown: String?
  /// Whether the parameters came as a form rather than as JSON.
  let isForm: Bool

  init(_ values: [String: ParameterValue], unknown: String? = nil, isForm: Bool = false) {
    self.values = values
    self.unknown = unknown
    self.isForm = isForm
  }

  /// Whether a value was given.
  func isGiven(_ name: String) -> Bool { values[name] != nil && values[name] != .null }

  subscript(name: String) -> ParameterValue? { values[name] }

  /// A string that may be as long as an image: for a JSON body, a view of it.
  func longString(_ name: String) throws(APIError) -> JSONString? {
    if case .string(let value) = values[name] { return value }
    return try string(name).map { JSONString($0) }
  }

  func string(_ name: String) throws(APIError) -> String? {
    switch values[name] {
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

  func boolean(_ name: String) throws(APIError) -> Bool? {
    switch values[name] {
    case nil, .null: return nil
    case .boolean(let value): return value
    case .text(let text):
      guard let value = ["true": true, "false": false][text] else { throw .unconvertible(name, to: "a boolean") }
      return value
    case .some(let other): throw .wrongType(name, expected: "a boolean", got: other.kind)
    }
  }

  /// One of a set of strings.
  ///
  /// - Parameter unnamed: further strings that are accepted but not listed in the error.
  func choice(_ name: String, of supported: [String], unnamed: [String] = []) throws(APIError) -> String? {
    switch values[name] {
    case nil, .null, .string, .text:
      guard let value = try string(name) else { return nil }
      guard supported.contains(value) || unnamed.contains(value) else { throw .unsupportedValue(name, value, supported: supported) }
      return value
    case .some(let other):
      throw .wrongType(name, expected: "one of \(APIError.list(supported, conjunction: "or"))", got: other.kind)
    }
  }

  /// The members of an object as parameters of their own, named `object.member`.
  func object(_ name: String) throws(APIError) -> Parameters? {
    switch values[name] {
    case nil, .null: return nil
    case .object(let members):
      return Parameters(Dictionary(uniqueKeysWithValues: members.map { ("\(name).\($0.key)", $0.value) }))
    case .some(let other): throw .wrongType(name, expected: "an object", got: other.kind)
    }
  }

  /// Throws if a given parameter is unknown to the endpoint for models of that family.
  func refuseUnknown(_ operation: ImageOperation, _ family: ModelFamily) throws(APIError) {
    if operation == .edit, isGiven(isForm ? "images" : "image") { throw isForm ? .imagesInForm : .imageInJSON }
    let foreign = KnownParameter.all.filter { !$0.operations.contains(operation) || !$0.families.contains(family) }.map(\.name).filter(
      isGiven)
    if let name = (foreign + [unknown].compactMap(\.self)).min() { throw .unknownParameter(name) }
  }

  /// An integer, possibly too large for `Int`. Beyond 2^53 it is out of every range, so its last digits do not matter.
  private func integer(_ name: String) throws(APIError) -> Double? {
    switch values[name] {
    case nil, .null: return nil
    case .integer(let value): return Double(value)
    case .decimal(let value) where abs(value) > 9e15: return value
    case .text(let text):
      guard let value = Int(text) else { throw .unconvertible(name, to: "an integer") }
      return Double(value)
    case .some(let other): throw .wrongType(name, expected: "an integer", got: other.kind)
    }
  }

  private static func digits(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }
}

extension Parameters {
  /// Reads the members of a JSON object. Keeps the known ones and, of the others, only the first name with a value.
  init(json: JSONValue) throws(APIError) {
    guard case .object(let object) = json else { throw .unreadableJSON }
    var values: [String: ParameterValue] = [:]
    var unknown: String?
    for member in object.members {
      let name = member.name.text
      if KnownParameter.names.contains(name) {
        values[name] = ParameterValue(member.value)
      } else if member.value != .null {
        unknown = min(unknown ?? name, name)
      }
    }
    self.init(values, unknown: unknown)
  }

  static func bytes(of request: Request) throws(APIError) -> [UInt8] {
    switch request.body {
    case .whole(let bytes): bytes
    case .incomplete(let received, let announced): throw .incompleteBody(received: received, announced: announced)
    case .tooLarge(let announced, let limit): throw .bodyTooLarge(announced: announced, limit: limit)
    case .lengthUnreadable(let value): throw .lengthUnreadable(value)
    case .undecodable(let error): throw APIError(error)
    }
  }
}
