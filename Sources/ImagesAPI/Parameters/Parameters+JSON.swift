import JSON

extension Parameters {
  /// Reads a body of JSON. Of its members only the known ones are kept; of the others, only the first name that has a value.
  init(json body: [UInt8]) throws(APIError) {
    let json: JSONValue
    do throws(JSONError) { json = try JSONValue(parsing: body) } catch { throw APIError(error) }
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
}
