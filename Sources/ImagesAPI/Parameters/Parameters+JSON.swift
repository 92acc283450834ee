import FastCGI
import FoundationEssentials

extension Parameters {
  /// Reads the request's body.
  init(of request: Request) throws(APIError) {
    let bytes = try Self.bytes(of: request)
    if let type = request.header("Content-Type"), !Self.isJSON(type) { throw .unsupportedContentType(type) }
    guard let body = try? JSONDecoder().decode(JSONBody.self, from: Data(bytes)) else { throw .unreadableJSON }
    self.init(body.values, unknown: body.unknown)
  }

  static func bytes(of request: Request) throws(APIError) -> [UInt8] {
    switch request.body {
    case .whole(let bytes): bytes
    case .incomplete(let received, let announced): throw .incompleteBody(received: received, announced: announced)
    case .tooLarge(let announced, let limit): throw .bodyTooLarge(announced: announced, limit: limit)
    case .lengthUnreadable(let value): throw .lengthUnreadable(value)
    }
  }

  private static func isJSON(_ contentType: String) -> Bool {
    let mediaType = contentType.prefix { $0 != ";" }.lowercased()
    return mediaType.trimming(" ") == "application/json"
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

extension String {
  fileprivate func trimming(_ character: Character) -> Substring {
    var rest = self[...]
    while rest.first == character { rest.removeFirst() }
    while rest.last == character { rest.removeLast() }
    return rest
  }
}
