import JSON

/// One walk through a schema, which ends even if the schema is hostile: small schemas can describe huge values.
final class SchemaWalk {
  let text: String
  private let root: JSONValue
  private var steps = 0
  private var bytes = 0

  init(_ root: JSONValue, saying text: String) { (self.root, self.text) = (root, text) }

  /// Schemas and values that are looked at, each as often as it is, with its members.
  private static let mostSteps = 200_000
  /// Of all strings together.
  private static let mostBytes = 256 << 10
  private static let mostLevels = 128

  func step(_ count: Int, at place: SchemaPlace) throws(SchemaProblem) {
    steps += 1 + count
    guard steps <= Self.mostSteps, place.depth <= Self.mostLevels else { throw place.problem("the schema is too large or too deep") }
  }

  func write(_ count: Int, at place: SchemaPlace) throws(SchemaProblem) {
    // The number may be any.
    guard count <= Self.mostBytes, bytes + count <= Self.mostBytes else { throw place.problem("the value would be too large") }
    bytes += count
  }

  // MARK: - References

  /// What a reference such as `#/$defs/Color` names (RFC 6901).
  func target(of reference: String, at place: SchemaPlace) throws(SchemaProblem) -> JSONValue {
    guard reference.hasPrefix("#") else { throw place.problem("'$ref' leads out of the schema") }
    var value = root
    for name in reference.dropFirst().split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
      let name = String(name).replacing("~1", with: "/").replacing("~0", with: "~")
      let found = value.elements.flatMap { list in Int(name).flatMap { list.indices.contains($0) ? list[$0] : nil } }
      guard let next = found ?? value.object?[name] else {
        throw place.problem("'$ref' names '\(reference.prefix(80))', which is not there")
      }
      try step(value.object?.members.count ?? 0, at: place)
      value = next
    }
    return value
  }

  // MARK: - Conjunctions

  /// Schemas that must all be fitted, with what they refer to by `$ref` and `allOf`.
  ///
  /// - Throws: a problem if one of them is fitted by nothing, is not understood, or contains itself.
  func conjunction(of schemas: [JSONValue], at place: SchemaPlace) throws(SchemaProblem) -> Conjunction {
    var result = Conjunction(place: place)
    for schema in schemas { try add(schema, to: &result) }
    return result
  }

  private func add(_ schema: JSONValue, to result: inout Conjunction) throws(SchemaProblem) {
    switch schema {
    case .boolean(true): return
    case .boolean(false): throw result.place.problem("the schema is false")
    case .object(let object):
      try step(object.members.count, at: result.place)
      try refuseUnsupported(object, at: result.place)
      result.schemas.append(object)
      for schema in try object.list("allOf", at: result.place) { try add(schema, to: &result) }
      guard let given = object["$ref"] else { return }
      guard let reference = given.text else { throw result.place.problem("'$ref' is not a string") }
      guard let inside = result.place.following(reference) else { throw result.place.problem("the schema contains itself") }
      let target = try target(of: reference, at: result.place)
      result.place = inside
      try add(target, to: &result)
    default: throw result.place.problem("a schema is \(schema.kind)")
    }
  }

  func refuseUnsupported(_ object: JSONObject, at place: SchemaPlace) throws(SchemaProblem) {
    for keyword in Self.unsupported where object[keyword] != nil { throw place.problem("'\(keyword)' is not supported") }
  }

  /// Keywords that say what a value must be, and are not understood. Other unknown keywords only describe a value.
  private static let unsupported = [
    "pattern", "patternProperties", "propertyNames", "contains", "dependentRequired", "dependentSchemas", "dependencies", "if",
    "additionalItems", "unevaluatedItems", "unevaluatedProperties", "$dynamicRef", "$recursiveRef",
  ]
}

/// Schemas that must all be fitted.
struct Conjunction {
  var schemas: [JSONObject] = []
  var place: SchemaPlace

  init(place: SchemaPlace) { self.place = place }

  /// The values of a keyword in those that have it.
  func values(_ keyword: String) -> [JSONValue] { schemas.compactMap { $0[keyword] } }

  /// The numbers of a keyword.
  func numbers(_ keyword: String) throws(SchemaProblem) -> [Double] {
    try values(keyword).map { value throws(SchemaProblem) in
      guard let number = value.number else { throw place.problem("'\(keyword)' is not a number") }
      return number
    }
  }

  /// The largest of the lower limits, such as `minLength`, of something that is counted; 0 if there is none.
  func least(_ keyword: String) throws(SchemaProblem) -> Int { Self.count((try numbers(keyword).max() ?? 0).rounded(.up)) }

  /// The smallest of the upper limits, such as `maxLength`; nil if there is none.
  func most(_ keyword: String) throws(SchemaProblem) -> Int? { try numbers(keyword).min().map { Self.count($0.rounded(.down)) } }

  private static func count(_ number: Double) -> Int { Int(min(max(0, number), 1e15)) }

  /// The types that all of them allow, in the order of the first; nil if none of them says.
  func types() throws(SchemaProblem) -> [String]? {
    var types: [String]?
    for value in values("type") {
      let names = value.elements?.compactMap(\.text) ?? value.text.map { [$0] }
      guard let names, names.allSatisfy(SchemaType.all.contains), names.count == value.elements?.count ?? 1 else {
        throw place.problem("'type' is not a type")
      }
      types = types.map { $0.compactMap { SchemaType.narrower($0, among: names) } } ?? names
    }
    return types
  }
}

/// The names of types.
enum SchemaType {
  static let all: Set = ["null", "boolean", "integer", "number", "string", "array", "object"]

  /// A type as other types narrow it; nil if none of them has a value of it.
  static func narrower(_ type: String, among names: [String]) -> String? {
    if names.contains(type) { return type }
    if type == "integer", names.contains("number") { return type }
    return type == "number" && names.contains("integer") ? "integer" : nil
  }
}

extension JSONObject {
  /// The schemas of a keyword that has a list of them; none if it is not there.
  func list(_ keyword: String, at place: SchemaPlace) throws(SchemaProblem) -> [JSONValue] {
    guard let value = self[keyword] else { return [] }
    guard let elements = value.elements else { throw place.problem("'\(keyword)' is not a list") }
    return elements
  }

  /// The schemas of a keyword that has an object of them.
  func schemas(_ keyword: String, at place: SchemaPlace) throws(SchemaProblem) -> [Member] {
    guard let value = self[keyword] else { return [] }
    guard let object = value.object else { throw place.problem("'\(keyword)' is not an object") }
    return object.members
  }
}

extension JSONValue {
  var number: Double? {
    switch self {
    case .integer(let integer): Double(integer)
    case .decimal(let decimal): decimal
    default: nil
    }
  }

  init(number: Double) { self = Int(exactly: number).map(JSONValue.integer) ?? .decimal(number) }

  func isOf(_ type: String) -> Bool {
    switch self {
    case .null: type == "null"
    case .boolean: type == "boolean"
    case .integer: type == "integer" || type == "number"
    case .decimal(let decimal): type == "number" || type == "integer" && decimal == decimal.rounded()
    case .string: type == "string"
    case .array: type == "array"
    case .object: type == "object"
    }
  }
}
