import FoundationEssentials

extension Parameters {
  /// Reads a body of JSON.
  init(json body: [UInt8]) throws(APIError) {
    guard let body = try? JSONDecoder().decode(JSONBody.self, from: Data(body)) else { throw .unreadableJSON }
    self.init(body.values, unknown: body.unknown)
  }
}

/// A JSON object of which only the known members are read: others may be large, deep and many.
private struct JSONBody: Decodable {
  var values: [String: ParameterValue] = [:]
  var unknown: String?

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: ParameterKey.self)
    for key in container.allKeys {
      if KnownParameter.names.contains(key.stringValue) {
        values[key.stringValue] = try container.decode(ParameterValue.self, forKey: key)
      } else {
        unknown = min(unknown ?? key.stringValue, key.stringValue)
      }
    }
  }
}
