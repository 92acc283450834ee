import FastCGI
import JSON
import Testing
@testable import Metrics
@testable import OpenAIAPI

/// `/openapi.json` and `/_fakeai`, against the tables of the server.
@Suite struct DescriptionTests {
  private let document = try! JSONValue(parsing: OpenAPIDocument.json.compact.utf8.map(\.self))

  @Test(arguments: Route.all.indices)
  func `the description has every method of every route, and no other`(index: Int) throws {
    let route = Route.all[index]
    let item = try #require(document["paths"]?[route.path])
    let methods = Set(item.names).subtracting(["parameters", "servers", "options"])
    #expect(methods == Set(route.endpoints.map { $0.method.lowercased() }))
    let isOpenToPages = ["/v1/", "/openai/", "/images/"].contains { route.path.hasPrefix($0) }
    #expect(item.names.contains("options") == isOpenToPages)
  }

  @Test func `the description has no other routes`() throws {
    #expect(Set(try #require(document["paths"]).names) == Set(Route.all.map(\.path)))
  }

  @Test func `operations have different names`() {
    let names = document["paths"]?.all("operationId") ?? []
    #expect(!names.isEmpty && Set(names).count == names.count)
  }

  @Test func `every reference leads to a component, and every component is used`() throws {
    let references = Set(document.all("$ref"))
    var components: Set<String> = []
    for kind in ["schemas", "responses", "parameters", "headers"] {
      for name in try #require(document["components"]?[kind]).names { components.insert("#/components/\(kind)/\(name)") }
    }
    #expect(references == components)
  }

  @Test func `the body of an operation has every parameter that the endpoint knows`() throws {
    for operation in [ImageOperation.generation, .edit, .variation, .upscale] {
      let known = Set(KnownParameter.all.filter { $0.operations.contains(operation) }.map(\.name))
      let described = try operation.mediaTypes.flatMap { type in
        let name = operation.schemaName + (type == ImageOperation.form ? "Form" : "")
        return try #require(document["components"]?["schemas"]?[name]?["properties"]).names
      }
      #expect(Set(described) == known)
    }
  }

  @Test func `the same bytes are sent each time, without a key and without an entry in the journal`() throws {
    let fixture = try ServiceFixture(configuration: .init(profile: .openAI))
    let (first, second) = (fixture.get("/openapi.json"), fixture.get("/openapi.json"))
    #expect(first.status == 200 && first.header("Content-Type") == "application/json")
    #expect(first.body == second.body && first.text.contains("\"openapi\": \"3.1.0\""))
    #expect(fixture.get("/openapi.json", method: "HEAD").header("Content-Length") == "\(first.body.count)")
    #expect(fixture.get("/_fakeai/requests").text.contains("\"requests\": []"))
  }

  @Test func `the scoreboard counts every status that a worker answers with`() {
    let descriptions = Route.all.flatMap { $0.endpoints.map(\.description) }
    let statuses = descriptions.reduce(into: Set<Int>()) { $0.formUnion($1.errors.union($1.responses.map(\.status))) }
    #expect(statuses.isSubset(of: ScoreboardLayout.statuses))
  }

  @Test(arguments: ["/_fakeai", "/_fakeai/"])
  func `the overview has a sentence for every endpoint`(path: String) throws {
    let text = try ServiceFixture().get(path).text
    for route in Route.all {
      #expect(text.contains("\"path\": \"\(route.path)\""))
      for endpoint in route.endpoints { #expect(text.contains("\"description\": \"\(endpoint.description.summary)\"")) }
    }
  }

  @Test func `the overview answers only those who may use the mock's own routes`() throws {
    #expect(try ServiceFixture().get("/_fakeai/", ["HTTP_HOST": "rebind.example"]).status == 403)
  }
}

extension JSONValue {
  /// The names of an object's members.
  fileprivate var names: [String] {
    guard case .object(let object) = self else { return [] }
    return object.members.map(\.name.text)
  }

  /// The strings that members of that name have, at any depth.
  fileprivate func all(_ name: String) -> [String] {
    switch self {
    case .array(let elements): elements.flatMap { $0.all(name) }
    case .object(let object):
      object.members.flatMap { member -> [String] in
        if case .string(let text) = member.value, member.name.text == name { return [text.text] }
        return member.value.all(name)
      }
    default: []
    }
  }
}
