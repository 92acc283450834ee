import FastCGI
import FoundationEssentials

/// The parameters of a JSON request, read by name; each reader throws what the API says to a value that does not fit.
///
/// JSON null means "not given", except where a parameter is required.
struct Parameters {
  private let values: [String: JSONValue]

  init(_ values: [String: JSONValue]) { self.values = values }

  /// Reads the request's body.
  init(of request: Request) throws(APIError) {
    let bytes = try Self.bytes(of: request)
    if let type = request.header("Content-Type"), !Self.isJSON(type) { throw .unsupportedContentType(type) }
    guard let values = try? JSONDecoder().decode([String: JSONValue].self, from: Data(bytes)) else { throw .unreadableJSON }
    self.values = values
  }

  func string(_ name: String) throws(APIError) -> String? {
    switch values[name] {
    case nil, .null: nil
    case .string(let value): value
    case .some(let other): throw .wrongType(name, expected: "a string", got: other.kind)
    }
  }

  func integer(_ name: String, in range: ClosedRange<Int>) throws(APIError) -> Int? {
    switch values[name] {
    case nil, .null: return nil
    case .integer(let value):
      if value < range.lowerBound { throw .belowMinimum(name, String(value), minimum: range.lowerBound) }
      if value > range.upperBound { throw .aboveMaximum(name, String(value), maximum: range.upperBound) }
      return value
    case .some(let other): throw .wrongType(name, expected: "an integer", got: other.kind)
    }
  }

  func boolean(_ name: String) throws(APIError) -> Bool? {
    switch values[name] {
    case nil, .null: nil
    case .boolean(let value): value
    case .some(let other): throw .wrongType(name, expected: "a boolean", got: other.kind)
    }
  }

  /// One of a few words.
  func choice(_ name: String, of supported: [String]) throws(APIError) -> String? {
    switch values[name] {
    case nil, .null: return nil
    case .string(let value):
      guard supported.contains(value) else { throw .unsupportedValue(name, value, supported: supported) }
      return value
    case .some(let other):
      throw .wrongType(name, expected: "one of \(APIError.list(supported, conjunction: "or"))", got: other.kind)
    }
  }

  private static func bytes(of request: Request) throws(APIError) -> [UInt8] {
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

extension String {
  fileprivate func trimming(_ character: Character) -> Substring {
    var rest = self[...]
    while rest.first == character { rest.removeFirst() }
    while rest.last == character { rest.removeLast() }
    return rest
  }
}
