import FastCGI
import JSON
import OpenAIAPI

extension ServiceFixture {
  func post(_ path: String, _ json: String = "", _ variables: [String: String] = [:]) -> Response {
    let usual = ["CONTENT_TYPE": "application/json", "HTTP_HOST": "mock.test:8000", "REQUEST_SCHEME": "http"]
    let given = CGIParameters(usual.merging(variables) { $1 })
    return send(Request(method: "POST", path: path, variables: given, body: .whole(Array(json.utf8))))
  }
}

extension Response {
  /// The body; null if it is not JSON.
  var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
}

extension JSONValue {
  subscript(name: String) -> JSONValue? { if case .object(let object) = self { object[name] } else { nil } }

  subscript(index: Int) -> JSONValue? {
    if case .array(let elements) = self, elements.indices.contains(index) { elements[index] } else { nil }
  }

  var number: Int? { if case .integer(let number) = self { number } else { nil } }
}
