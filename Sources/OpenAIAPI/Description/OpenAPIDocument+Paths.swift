import ImageStore
import JSON
import Limits

extension Route {
  /// The route's paths object: an operation for each method.
  var pathItem: JSONText {
    let parameter: [JSONMember] =
      parameter.map { name in
        let schema = OpenAPIDocument.pathParameters[name] ?? ["type": "string"]
        return [("parameters", [["name": .string(name), "in": "path", "required": true, "schema": schema]])]
      } ?? []
    return .object(parameter + servers + endpoints.map { ($0.method.lowercased(), operation($0)) } + preflight)
  }

  private var surface: RequestAddress.Surface { RequestAddress(path).surface }

  private var allowsOtherOrigins: Bool { surface == .api || surface == .images }

  /// The API's paths are also served below other ones.
  private var servers: [JSONMember] {
    guard path.hasPrefix("/v1/") else { return [] }
    let profiles: JSONText = [
      "enum": .strings(Profile.allCases.map(\.rawValue)), "default": .string(Profile.fakeai.rawValue),
    ]
    return [
      (
        "servers",
        [
          ["url": "/"], ["url": "/profiles/{profile}", "variables": ["profile": profiles]],
          ["url": "/openai", "description": "Azure's current address."],
        ]
      )
    ]
  }

  /// What browsers ask before a request from a page of another origin.
  private var preflight: [JSONMember] {
    guard allowsOtherOrigins else { return [] }
    let errors: [JSONMember] = EndpointDescription.ofNginx.sorted().map(Self.error)
    let operation: JSONText = [
      "operationId": .string(name("options")), "tags": [.string(OpenAPIDocument.Tag(self).rawValue)],
      "summary": "Answers a browser's preflight request.",
      "responses": .object([("204", ["description": "Pages of all origins may send the request."])] + errors),
    ]
    return [("options", operation)]
  }

  private func operation(_ endpoint: Endpoint) -> JSONText {
    let description = endpoint.description
    var members: [JSONMember] = [
      ("operationId", .string(name(endpoint.method.lowercased()))), ("tags", [.string(OpenAPIDocument.Tag(self).rawValue)]),
      ("summary", .string(description.summary)),
    ]
    let parameters = headers.map { JSONText.reference("parameters", $0) } + (isAzure ? [.apiVersion] : []) + description.query
    if !parameters.isEmpty { members.append(("parameters", .array(parameters))) }
    if !description.body.isEmpty {
      members.append(
        ("requestBody", ["required": true, "content": .object(description.body.map { ($0.key, ["schema": $0.value]) })]))
    }
    let errors = description.errors.union(EndpointDescription.ofNginx).union(EndpointDescription.errors(of: surface))
    let statuses = errors.subtracting(description.responses.map(\.status))
    let successes = description.responses.map { ("\($0.status)", response($0, to: endpoint)) as JSONMember }
    members.append(("responses", .object(successes + statuses.sorted().map(Self.error))))
    return .object(members)
  }

  private var isAzure: Bool { path.hasPrefix("/openai/") }

  /// The names of the headers that a request can have.
  private var headers: [String] {
    if surface == .own { return [RequestContext.sessionHeader] }
    return allowsOtherOrigins ? OpenAPIDocument.headers(surface) : []
  }

  private func response(_ success: EndpointDescription.Success, to endpoint: Endpoint) -> JSONText {
    var members: [JSONMember] = [("description", .string(success.meaning))]
    let headers = ["X-FakeAI-Worker"] + (surface == .api ? OpenAPIDocument.apiHeaders : []) + success.headers
    members.append(("headers", .object(headers.map { ($0, .reference("headers", $0)) })))
    if !success.content.isEmpty, endpoint.method != "HEAD" {
      members.append(("content", .object(success.content.map { ($0.key, ["schema": $0.value]) })))
    }
    return .object(members)
  }

  private static func error(_ status: Int) -> JSONMember {
    ("\(status)", .reference("responses", OpenAPIDocument.errorName(status)))
  }

  /// `post_v1_images_generations`.
  private func name(_ method: String) -> String {
    ([method] + path.split { !$0.isLetter && !$0.isNumber }.map(String.init)).joined(separator: "_")
  }
}

extension OpenAPIDocument {
  /// The schemas of the parts of paths.
  static let pathParameters: [String: JSONText] = [
    "file": [
      "type": "string",
      "pattern": .string("^[0-9a-f]{32}\\.(\(ImageFormat.allCases.map(\.fileExtension).joined(separator: "|")))$"),
    ],
    "model": ["type": "string", "minLength": 1, "examples": .strings(Model.known.map(\.id))],
    "deployment": ["type": "string", "minLength": 1, "description": "The model, unless the body names one."],
    "operation": ["type": "string", "minLength": 1],
    "batch": ["type": "string", "minLength": 1],
    "endpoint": ["type": "string", "minLength": 1],
    "file_id": ["type": "string", "minLength": 1],
  ]
}
