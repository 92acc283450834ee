import JSON

// Whether a value fits. Formats are not checked: they are known to be right where a value was made.
extension SchemaWalk {
  func fits(_ value: JSONValue, _ schema: JSONValue, at place: SchemaPlace) throws(SchemaProblem) -> Bool {
    if case .boolean(let truth) = schema { return truth }
    guard let object = schema.object else { throw place.problem("a schema is \(schema.kind)") }
    var one = Conjunction(place: place)
    one.schemas = [object]
    try step(object.members.count, at: place)
    try refuseUnsupported(object, at: place)
    if let types = try one.types(), !types.contains(where: value.isOf) { return false }
    if let constant = object["const"], constant != value { return false }
    if object["enum"] != nil, try !object.list("enum", at: place).contains(value) { return false }
    guard try fitsBranches(value, object, at: place) else { return false }
    switch value {
    case .string(let string):
      return try fitsCount(string.unicodeScalarCount, one, least: "minLength", most: "maxLength")
    case .integer, .decimal: return try fitsNumber(value.number ?? 0, one)
    case .array(let elements): return try fitsArray(elements, one, object)
    case .object(let members): return try fitsObject(members, one, object)
    case .null, .boolean: return true
    }
  }

  private func fitsBranches(_ value: JSONValue, _ object: JSONObject, at place: SchemaPlace) throws(SchemaProblem) -> Bool {
    if let reference = object["$ref"]?.text {
      guard try fits(value, target(of: reference, at: place), at: place.inside("$ref")) else { return false }
    }
    for schema in try object.list("allOf", at: place) {
      guard try fits(value, schema, at: place.inside("allOf")) else { return false }
    }
    guard try fitsAny(value, object, at: place), try fitsOne(value, object, at: place) else { return false }
    if let other = object["not"], try fits(value, other, at: place.inside("not")) { return false }
    return true
  }

  /// A branch that is not understood does not matter if the value fits another one.
  private func fitsAny(_ value: JSONValue, _ object: JSONObject, at place: SchemaPlace) throws(SchemaProblem) -> Bool {
    guard object["anyOf"] != nil else { return true }
    var problem: SchemaProblem?
    for schema in try object.list("anyOf", at: place) {
      do throws(SchemaProblem) {
        if try fits(value, schema, at: place.inside("anyOf")) { return true }
      } catch {
        problem = error
      }
    }
    if let problem { throw problem }
    return false
  }

  private func fitsOne(_ value: JSONValue, _ object: JSONObject, at place: SchemaPlace) throws(SchemaProblem) -> Bool {
    guard object["oneOf"] != nil else { return true }
    var count = 0
    for schema in try object.list("oneOf", at: place) where count < 2 {
      if try fits(value, schema, at: place.inside("oneOf")) { count += 1 }
    }
    return count == 1
  }

  private func fitsCount(_ count: Int, _ one: Conjunction, least: String, most: String) throws(SchemaProblem) -> Bool {
    let (least, most) = (try one.least(least), try one.most(most))
    return count >= least && count <= most ?? .max
  }

  private func fitsNumber(_ number: Double, _ one: Conjunction) throws(SchemaProblem) -> Bool {
    guard try NumberBounds(one).contains(number) else { return false }
    return try one.numbers("multipleOf").allSatisfy { step in
      let count = number / step
      return abs(count - count.rounded()) < 1e-9 * max(1, abs(count))
    }
  }

  private func fitsArray(_ elements: [JSONValue], _ one: Conjunction, _ object: JSONObject) throws(SchemaProblem) -> Bool {
    guard try fitsCount(elements.count, one, least: "minItems", most: "maxItems") else { return false }
    if object["uniqueItems"] == .boolean(true), try !areDifferent(elements, at: one.place) { return false }
    let first = try object.list("prefixItems", at: one.place)
    for (index, element) in elements.enumerated() {
      guard let schema = first.indices.contains(index) ? first[index] : object["items"] else { continue }
      guard try fits(element, schema, at: one.place.inside("items")) else { return false }
    }
    return true
  }

  private func areDifferent(_ elements: [JSONValue], at place: SchemaPlace) throws(SchemaProblem) -> Bool {
    for (index, element) in elements.enumerated() {
      try step(index, at: place)
      if elements[..<index].contains(element) { return false }
    }
    return true
  }

  private func fitsObject(_ members: JSONObject, _ one: Conjunction, _ object: JSONObject) throws(SchemaProblem) -> Bool {
    guard try fitsCount(members.members.count, one, least: "minProperties", most: "maxProperties") else { return false }
    let names = Set(members.members.map(\.name))
    for value in try object.list("required", at: one.place) {
      guard case .string(let name) = value, names.contains(name) else { return false }
    }
    let properties = Dictionary(try object.schemas("properties", at: one.place).map { ($0.name, $0.value) }) { $1 }
    for member in members.members {
      guard let schema = properties[member.name] ?? object["additionalProperties"] else { continue }
      guard try fits(member.value, schema, at: one.place.inside("properties", member.name.text)) else { return false }
    }
    return true
  }
}
