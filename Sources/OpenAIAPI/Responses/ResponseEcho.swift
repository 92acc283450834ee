import JSON

/// The members of a request that its response repeats. They are checked, and have no effect.
enum ResponseEcho {
  /// What a member may be.
  private enum Kind {
    case text
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case boolean
    case choice([String])
    /// An object, in which members that are not given have their usual values.
    case object([JSONMember])
    case any
  }

  /// In the order of the response, with the values that they have if the request does not say.
  private static let table: [(name: String, kind: Kind, usual: JSONText)] = [
    ("instructions", .any, .null), ("max_output_tokens", .integer(1...Int(Int32.max)), .null),
    ("max_tool_calls", .integer(0...Int(Int32.max)), .null), ("parallel_tool_calls", .boolean, true),
    ("previous_response_id", .text, .null), ("prompt_cache_key", .text, .null),
    ("reasoning", .object([("effort", .null), ("summary", .null)]), ["effort": .null, "summary": .null]),
    ("safety_identifier", .text, .null), ("store", .boolean, true), ("temperature", .number(0...2), 1),
    (
      "text", .object([("format", ["type": "text"]), ("verbosity", "medium")]), ["format": ["type": "text"], "verbosity": "medium"]
    ), ("tool_choice", .any, "auto"), ("top_logprobs", .integer(0...20), 0), ("top_p", .number(0...1), 1),
    ("truncation", .choice(["auto", "disabled"]), "disabled"), ("user", .text, .null),
  ]

  /// The members of a response to a request that has none of them.
  static var usual: [JSONMember] {
    table.flatMap { row in [(row.name, row.usual)] + (row.name == "tool_choice" ? [("tools", [])] : []) } + [("metadata", .object([]))]
  }

  /// - Parameter tools: as the response shows them.
  static func members(_ object: JSONObject, _ parameters: Parameters, tools: JSONText) throws(APIError) -> [JSONMember] {
    var members: [JSONMember] = []
    for (name, kind, usual) in table {
      let value = try value(object, name, kind, parameters)
      members.append((name, value ?? usual))
      if name == "tool_choice" { members.append(("tools", tools)) }
    }
    members.append(("metadata", try metadata(object)))
    if let image = try compression(object) { members.append(image) }
    try checkInclude(object)
    return members
  }

  private static func value(
    _ object: JSONObject, _ name: String, _ kind: Kind, _ parameters: Parameters
  ) throws(APIError) -> JSONText? {
    guard let given = object.given(name) else { return nil }
    switch kind {
    case .any: return given.isEmpty ? nil : JSONText(given)
    case .text: return try parameters.string(name).map(JSONText.string)
    case .boolean: return try parameters.boolean(name).map(JSONText.boolean)
    case .integer(let range): return try parameters.integer(name, in: range).map(JSONText.integer)
    case .choice(let values): return try parameters.choice(name, of: values).map(JSONText.string)
    case .number(let range): return try number(given, name, range)
    case .object(let usual):
      guard let members = given.object else { throw .wrongType(name, expected: "an object", got: given.kind) }
      let written = members.members.filter { $0.value != .null }.map { ($0.name.text, JSONText($0.value)) as JSONMember }
      return .object(usual.map { member in written.first { $0.key == member.key } ?? member })
    }
  }

  private static func number(_ value: JSONValue, _ name: String, _ range: ClosedRange<Double>) throws(APIError) -> JSONText {
    let number: Double
    switch value {
    case .integer(let integer): number = Double(integer)
    case .decimal(let decimal): number = decimal
    default: throw .wrongType(name, expected: "a decimal", got: value.kind)
    }
    guard number >= range.lowerBound else { throw .decimalBelowMinimum(name, JSONText(value).compact, minimum: range.lowerBound) }
    guard number <= range.upperBound else { throw .decimalAboveMaximum(name, JSONText(value).compact, maximum: range.upperBound) }
    return JSONText(value)
  }

  private static let (mostPairs, longestKey, longestValue) = (16, 64, 512)

  private static func metadata(_ object: JSONObject) throws(APIError) -> JSONText {
    guard let given = object.given("metadata") else { return .object([]) }
    guard let members = given.object?.members else { throw .wrongType("metadata", expected: "an object", got: given.kind) }
    guard members.count <= mostPairs else { throw .tooManyProperties("metadata", count: members.count, maximum: mostPairs) }
    for member in members {
      let key = member.name.text
      guard member.name.unicodeScalarCount <= longestKey else { throw .longPropertyName("metadata", key, maximum: longestKey) }
      guard case .string(let value) = member.value else {
        throw .wrongType("metadata.\(key)", expected: "a string", got: member.value.kind)
      }
      let length = value.unicodeScalarCount
      guard length <= longestValue else { throw .tooLong("metadata.\(key)", length: length, maximum: longestValue) }
    }
    return JSONText(given)
  }

  /// The setting of input images' compression, which a response shows as what was done.
  private static func compression(_ object: JSONObject) throws(APIError) -> JSONMember? {
    guard let image = object.given("image")?.object, let given = image.given("context_compression") else { return nil }
    let values = ["auto", "enabled", "disabled"]
    guard let value = given.text, values.contains(value) else {
      throw .unsupportedValue("image.context_compression", given.text ?? JSONText(given).compact, supported: values)
    }
    return ("image", ["context_compression": value == "enabled" ? "enabled" : "disabled"])
  }

  private static func checkInclude(_ object: JSONObject) throws(APIError) {
    guard let include = object.given("include") else { return }
    guard let elements = include.elements else { throw .wrongType("include", expected: "an array of strings", got: include.kind) }
    for (index, element) in elements.enumerated() where element.text == nil {
      throw .wrongType("include[\(index)]", expected: "a string", got: element.kind)
    }
  }
}

extension JSONValue {
  /// Whether it is an object without members.
  fileprivate var isEmpty: Bool { object?.members.isEmpty ?? false }
}
