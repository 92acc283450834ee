import FastCGI
import JSON
@testable import OpenAIAPI

extension ServiceFixture {
  /// Sends a request to POST /v1/responses.
  func respond(_ json: String, _ variables: [String: String] = [:], path: String = "/v1/responses") -> Response {
    post(path, json, variables)
  }

  func fetch(_ path: String, query: String = "", _ variables: [String: String] = [:]) -> Response {
    send(Request(method: "GET", path: path, query: query, variables: CGIParameters(variables)))
  }
}

extension Response {
  /// The parts of a stream, in order.
  var parts: [Response] {
    var parts = [self]
    while let next = parts[parts.count - 1].continuation { parts.append(next.perform()) }
    return parts
  }

  /// The data of a stream's events, in order.
  var events: [JSONValue] {
    let text = parts.map(\.text).joined()
    return text.components(separatedBy: "\n\n").compactMap { event in
      event.components(separatedBy: "\ndata: ").last.flatMap { try? JSONValue(parsing: Array($0.utf8)) }
    }
  }
}

extension String {
  fileprivate func components(separatedBy separator: String) -> [String] { split(separator: separator).map(String.init) }
}

extension JSONValue {
  /// `value[at: "output", 0, "id"]`; null if there is no such value.
  subscript(at path: any JSONKey...) -> JSONValue { path.reduce(self) { $1.value(in: $0) } }
}

protocol JSONKey { func value(in json: JSONValue) -> JSONValue }

extension String: JSONKey {
  func value(in json: JSONValue) -> JSONValue { json.object?[self] ?? .null }
}

extension Int: JSONKey {
  func value(in json: JSONValue) -> JSONValue { json.elements.flatMap { $0.indices.contains(self) ? $0[self] : nil } ?? .null }
}
