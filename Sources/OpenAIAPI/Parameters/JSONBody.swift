import FastCGI
import JSON

/// The members of a JSON body, or of an object in it, for endpoints with few parameters. JSON null means "not given".
struct JSONBody: Sendable {
  let members: JSONObject
  /// What stands before the names of members in errors: `output_expires_after.`, or "".
  var path = ""

  subscript(name: String) -> JSONValue? { members[name].flatMap { $0 == .null ? nil : $0 } }

  /// - Parameter longest: in Unicode scalars.
  func string(_ name: String, longest: Int = 1 << 16) throws(APIError) -> String? {
    guard let value = self[name] else { return nil }
    guard case .string(let string) = value else { throw .wrongType(path + name, expected: "a string", got: value.kind) }
    let length = string.unicodeScalarCount
    guard length <= longest else { throw .tooLong(path + name, length: length, maximum: longest) }
    return string.text
  }

  func requiredString(_ name: String, longest: Int = 1 << 16) throws(APIError) -> String {
    guard let text = try string(name, longest: longest) else { throw .missing(path + name) }
    guard !text.isEmpty else { throw .emptyString(path + name) }
    return text
  }

  func choice(_ name: String, of supported: [String]) throws(APIError) -> String? {
    guard let text = try string(name) else { return nil }
    guard supported.contains(text) else { throw .unsupportedValue(path + name, text, supported: supported) }
    return text
  }

  func requiredChoice(_ name: String, of supported: [String]) throws(APIError) -> String {
    guard let text = try choice(name, of: supported) else { throw .missing(path + name) }
    return text
  }

  func integer(_ name: String, in range: ClosedRange<Int>) throws(APIError) -> Int? {
    guard let value = self[name] else { return nil }
    guard case .integer(let number) = value else { throw .wrongType(path + name, expected: "an integer", got: value.kind) }
    guard number >= range.lowerBound else { throw .belowMinimum(path + name, "\(number)", minimum: range.lowerBound) }
    guard number <= range.upperBound else { throw .aboveMaximum(path + name, "\(number)", maximum: range.upperBound) }
    return number
  }

  func boolean(_ name: String) throws(APIError) -> Bool? {
    guard let value = self[name] else { return nil }
    guard case .boolean(let truth) = value else { throw .wrongType(path + name, expected: "a boolean", got: value.kind) }
    return truth
  }

  func object(_ name: String) throws(APIError) -> JSONBody? {
    guard let value = self[name] else { return nil }
    guard case .object(let object) = value else { throw .wrongType(path + name, expected: "an object", got: value.kind) }
    return JSONBody(members: object, path: path + name + ".")
  }

  /// Seconds for which a file is kept, as an object such as `{"anchor": "created_at", "seconds": 3600}` says.
  func lifetime(_ name: String) throws(APIError) -> Int? {
    guard let expiry = try object(name) else { return nil }
    _ = try expiry.requiredChoice("anchor", of: ["created_at"])
    guard let seconds = try expiry.integer("seconds", in: FileUpload.lifetimes) else { throw .missing("\(path)\(name).seconds") }
    return seconds
  }

  func strings(_ name: String) throws(APIError) -> [String]? {
    guard let value = self[name] else { return nil }
    guard case .array(let elements) = value else { throw .wrongType(path + name, expected: "an array of strings", got: value.kind) }
    return try elements.enumerated().map { index, element throws(APIError) in
      guard case .string(let string) = element else {
        throw .wrongType("\(path)\(name)[\(index)]", expected: "a string", got: element.kind)
      }
      return string.text
    }
  }
}

extension RequestContext {
  /// The members of the body. A request without a body has none.
  func jsonBody() throws(APIError) -> JSONBody {
    let bytes = try wholeBody()
    guard !bytes.isEmpty else { return JSONBody(members: JSONObject()) }
    if let type = request.contentType {
      let mediaType = type.prefix { $0 != ";" && $0 != " " }.lowercased()
      guard mediaType == ImageOperation.json else { throw .unsupportedContentType(type) }
    }
    let json: JSONValue
    do throws(JSONError) { json = try JSONValue(parsing: bytes) } catch { throw APIError(error) }
    guard case .object(let object) = json else { throw .unreadableJSON }
    return JSONBody(members: object)
  }
}
