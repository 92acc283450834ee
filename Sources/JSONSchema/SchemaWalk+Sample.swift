import JSON

// Finding a value: the first that fits, of few that are tried.
extension SchemaWalk {
  /// A value for schemas that must all be fitted.
  ///
  /// - Parameter variant: 0, or a number that makes another value of the same kind, as far as there is one.
  func sample(_ schemas: [JSONValue], variant: Int = 0, at place: SchemaPlace) throws(SchemaProblem) -> JSONValue {
    try step(0, at: place)
    let conjunction = try conjunction(of: schemas, at: place)
    for object in conjunction.schemas {
      for keyword in ["anyOf", "oneOf"] where object[keyword] != nil {
        return try sample(conjunction, oneOf: object, keyword, variant)
      }
    }
    return try sample(conjunction, variant)
  }

  /// Tries the branches of `anyOf` or `oneOf` in turn.
  private func sample(
    _ conjunction: Conjunction, oneOf object: JSONObject, _ keyword: String, _ variant: Int
  ) throws(SchemaProblem) -> JSONValue {
    let place = conjunction.place
    // Without what was resolved: it would be found to contain itself.
    let others = conjunction.schemas.map { other in
      JSONValue.object(other.without(Self.resolved + (other == object ? [keyword] : [])))
    }
    var first: SchemaProblem?
    for (index, branch) in try object.list(keyword, at: place).enumerated() {
      do throws(SchemaProblem) {
        let value = try sample(others + [branch], variant: variant, at: place.inside(keyword, String(index)))
        if try fits(value, conjunction) { return value }
        first = first ?? place.problem("no value was found for '\(keyword)'")
      } catch {
        first = first ?? error
      }
    }
    throw first ?? place.problem("'\(keyword)' is empty")
  }

  private func sample(_ conjunction: Conjunction, _ variant: Int) throws(SchemaProblem) -> JSONValue {
    if let fixed = try fixedValue(conjunction, variant) { return fixed }
    let types = try conjunction.types() ?? [conjunction.likelyType]
    var first: SchemaProblem?
    // Null says the least.
    for type in types.filter({ $0 != "null" }) + types.filter({ $0 == "null" }) {
      do throws(SchemaProblem) {
        let value = try sample(conjunction, of: type, variant)
        if types.count == 1 { return value }
        if try fits(value, conjunction) { return value }
      } catch {
        first = first ?? error
      }
    }
    throw first ?? conjunction.place.problem(types.isEmpty ? "no type is left" : "no value was found that fits")
  }

  /// What a conjunction has resolved already.
  private static let resolved = ["$ref", "allOf"]

  private func fits(_ value: JSONValue, _ conjunction: Conjunction) throws(SchemaProblem) -> Bool {
    for schema in conjunction.schemas {
      guard try fits(value, .object(schema.without(Self.resolved)), at: conjunction.place) else { return false }
    }
    return true
  }

  /// The value of `const`, or one of `enum`; nil if there is neither.
  private func fixedValue(_ conjunction: Conjunction, _ variant: Int) throws(SchemaProblem) -> JSONValue? {
    let place = conjunction.place
    var candidates = conjunction.values("const")
    if candidates.isEmpty {
      guard let object = conjunction.schemas.first(where: { $0["enum"] != nil }) else { return nil }
      candidates = try object.list("enum", at: place)
    }
    var fitting: [JSONValue] = []
    for candidate in candidates where fitting.count <= variant {
      if try fits(candidate, conjunction) { fitting.append(candidate) }
    }
    guard !fitting.isEmpty else { throw place.problem("no value of 'enum' or 'const' fits") }
    let value = fitting[variant % fitting.count]
    try write(JSONText(value).compact.utf8.count, at: place)
    return value
  }

  private func sample(_ conjunction: Conjunction, of type: String, _ variant: Int) throws(SchemaProblem) -> JSONValue {
    switch type {
    case "null": return .null
    case "boolean": return .boolean(variant % 2 == 0)
    case "integer": return try number(conjunction, isWhole: true, variant)
    case "number": return try number(conjunction, isWhole: false, variant)
    case "string": return try string(conjunction, variant)
    case "array": return try array(conjunction, variant)
    default: return try object(conjunction, variant)
    }
  }

  // MARK: - Objects

  private func object(_ conjunction: Conjunction, _ variant: Int) throws(SchemaProblem) -> JSONValue {
    let place = conjunction.place
    let required = try requiredNames(conjunction)
    var members: [JSONObject.Member] = []
    let most = try conjunction.most("maxProperties") ?? .max
    var optional = most - required.count
    guard optional >= 0 else { throw place.problem("'maxProperties' is below the number of required properties") }
    for name in try propertyNames(conjunction, and: required) {
      let isRequired = required.contains(name)
      guard isRequired || optional > 0 else { continue }
      do throws(SchemaProblem) {
        try write(name.utf8.count, at: place)
        let value = try sample(try schemas(of: name, in: conjunction), variant: variant, at: place.inside("properties", name.text))
        members.append(JSONObject.Member(name: name, value: value))
        if !isRequired { optional -= 1 }
      } catch {
        if isRequired { throw error }
      }
    }
    return .object(JSONObject(members: members))
  }

  private func requiredNames(_ conjunction: Conjunction) throws(SchemaProblem) -> Set<JSONString> {
    var names: Set<JSONString> = []
    for object in conjunction.schemas {
      for value in try object.list("required", at: conjunction.place) {
        guard case .string(let name) = value else { throw conjunction.place.problem("'required' is not a list of names") }
        names.insert(name)
      }
    }
    return names
  }

  /// The names of all properties, each once, in the order of the schemas.
  private func propertyNames(_ conjunction: Conjunction, and required: Set<JSONString>) throws(SchemaProblem) -> [JSONString] {
    var (names, seen) = ([] as [JSONString], [] as Set<JSONString>)
    for object in conjunction.schemas {
      for member in try object.schemas("properties", at: conjunction.place) where seen.insert(member.name).inserted {
        names.append(member.name)
      }
    }
    return names + required.subtracting(seen).sorted { $0.text < $1.text }
  }

  /// What all schemas say of a property.
  private func schemas(of name: JSONString, in conjunction: Conjunction) throws(SchemaProblem) -> [JSONValue] {
    var schemas: [JSONValue] = []
    for object in conjunction.schemas {
      let properties = try object.schemas("properties", at: conjunction.place)
      try step(properties.count, at: conjunction.place)
      if let own = properties.last(where: { $0.name == name }) {
        schemas.append(own.value)
      } else if let other = object["additionalProperties"] {
        schemas.append(other)
      }
    }
    return schemas
  }

  // MARK: - Arrays

  private func array(_ conjunction: Conjunction, _ variant: Int) throws(SchemaProblem) -> JSONValue {
    let place = conjunction.place
    let (least, most) = (try conjunction.least("minItems"), try conjunction.most("maxItems") ?? .max)
    guard least <= most else { throw place.problem("'minItems' is above 'maxItems'") }
    let first = try conjunction.schemas.map { object throws(SchemaProblem) in try object.list("prefixItems", at: place).count }.max() ?? 0
    let wanted = min(max(least, first, 1), most)
    let differ = conjunction.values("uniqueItems").contains(.boolean(true))
    var elements: [JSONValue] = []
    while elements.count < wanted {
      do throws(SchemaProblem) {
        let index = elements.count
        let schemas = try schemas(ofElement: index, in: conjunction)
        elements.append(try sample(schemas, variant: differ ? variant + index : variant, at: place.inside("items")))
      } catch {
        guard elements.count >= least else { throw error }
        break
      }
    }
    return .array(elements)
  }

  private func schemas(ofElement index: Int, in conjunction: Conjunction) throws(SchemaProblem) -> [JSONValue] {
    var schemas: [JSONValue] = []
    for object in conjunction.schemas {
      let first = try object.list("prefixItems", at: conjunction.place)
      if first.indices.contains(index) { schemas.append(first[index]) } else if let items = object["items"] { schemas.append(items) }
    }
    return schemas
  }
}

extension Conjunction {
  /// The type of values that schemas without a type are about.
  fileprivate var likelyType: String {
    let keywords: [(String, [String])] = [
      ("object", ["properties", "required", "additionalProperties"]), ("array", ["items", "prefixItems", "minItems"]),
      ("number", ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
    ]
    return keywords.first { row in row.1.contains { !values($0).isEmpty } }?.0 ?? "string"
  }
}

extension JSONObject {
  fileprivate func without(_ names: [String]) -> JSONObject {
    JSONObject(members: members.filter { member in !names.contains { member.name == $0 } })
  }
}
