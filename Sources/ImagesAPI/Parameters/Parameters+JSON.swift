import FoundationEssentials

extension Parameters {
  /// Reads a body of JSON.
  init(json body: [UInt8]) throws(APIError) {
    // Lent rather than copied: with images in it, a body is large.
    let parsed = unsafe body.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return nil as JSONBody? }
      let data = unsafe Data(bytesNoCopy: UnsafeMutableRawPointer(mutating: start), count: bytes.count, deallocator: .none)
      return try? JSONDecoder().decode(JSONBody.self, from: data)
    }
    guard let parsed else { throw .unreadableJSON }
    self.init(parsed.values, unknown: parsed.unknown)
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
      } else if try !container.decodeNil(forKey: key) {
        unknown = min(unknown ?? key.stringValue, key.stringValue)
      }
    }
  }
}
