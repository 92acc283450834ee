import JSON

/// The OpenAPI 3.1 document of the server, made from the tables by which it answers. It describes the profile `fakeai`; the extensions name the
/// profiles' and the models' own values.
enum OpenAPIDocument {
  static let json: JSONText = [
    "openapi": "3.1.0",
    "info": [
      "title": "fakeai-images", "version": .string(APIService.version),
      "summary": "A staging mock of the OpenAI Images API.",
      "description": """
      Describes what the profile `fakeai` accepts, which is all that the other profiles accept. `x-fakeai-profiles` and `x-fakeai-models` have \
      the values of each profile and of each model. HEAD is accepted wherever GET is.
      """,
      "license": ["name": "MIT", "identifier": "MIT"],
    ],
    "servers": [["url": "/"]],
    // Whether a key is required depends on the profile and the file of keys.
    "security": [[:], ["key": []], ["azureKey": []]],
    "tags": .array(Tag.allCases.map { ["name": .string($0.rawValue), "description": .string($0.meaning)] }),
    "paths": .object(Route.all.map { ($0.path, $0.pathItem) }),
    "components": [
      "schemas": .object(
        requestSchemas + responseSchemas + responsesSchemas + fileSchemas + uploadSchemas + ruleSchemas + moderationSchemas + batchSchemas
          + webhookSchemas),
      "responses": .object(EndpointDescription.meanings.map { (errorName($0.status), errorResponse($0.status, $0.meaning)) }),
      "parameters": .object(requestHeaders),
      "headers": .object(responseHeaders),
      "securitySchemes": [
        "key": ["type": "http", "scheme": "bearer"], "azureKey": ["type": "apiKey", "in": "header", "name": "api-key"],
      ],
    ],
    "x-fakeai-profiles": .object(Profile.allCases.map { ($0.rawValue, $0.rules.json) }),
    "x-fakeai-models": .object(Model.known.map { ($0.id, $0.json) }),
  ]

  /// The parts of the server, as a reader looks for them.
  enum Tag: String, CaseIterable {
    case images = "Images"
    case azure = "Azure"
    case files = "Files"
    case health = "Health"
    case own = "Mock"

    var meaning: String {
      switch self {
      case .images: "OpenAI's API."
      case .azure: "The same at Azure's older addresses. Its current one has OpenAI's paths after `/openai`."
      case .files: "The images behind the URLs in responses."
      case .health: "For supervisors and load balancers."
      case .own: "The mock's own routes. They answer only this machine, and the addresses in FAKEAI_INSIDERS."
      }
    }

    init(_ route: Route) {
      switch RequestAddress(route.path).surface {
      case .api: self = route.path.hasPrefix("/openai/") ? .azure : .images
      case .own: self = .own
      case .images: self = .files
      case .other: self = .health
      }
    }
  }

  static func errorName(_ status: Int) -> String { "Error\(status)" }

  private static func errorResponse(_ status: Int, _ meaning: String) -> JSONText {
    var members: [JSONMember] = [("description", .string(meaning))]
    if [429, 503].contains(status) {
      members.append(("headers", .object(["retry-after", "retry-after-ms"].map { ($0, .reference("headers", $0)) })))
    }
    var content: [JSONMember] = [(ImageOperation.json, ["schema": .schema("Error")])]
    if status == 403 { content.append(("application/xml", ["schema": ["type": "string"]])) }
    return .object(members + [("content", .object(content))])
  }
}

extension JSONText {
  /// A reference to one of the document's components.
  static func reference(_ kind: String, _ name: String) -> JSONText { ["$ref": .string("#/components/\(kind)/\(name)")] }

  static func schema(_ name: String) -> JSONText { .reference("schemas", name) }

  static func strings(_ values: some Sequence<String>) -> JSONText { .array(values.map(JSONText.string)) }
}

extension ProfileRules {
  /// The row as the document shows it.
  fileprivate var json: JSONText {
    [
      "models": .strings(models.map(\.id)), "takes_any_model": .boolean(takesAnyModel),
      "default_model": defaultModel.map(JSONText.string) ?? .null, "default_edit_model": defaultEditModel.map(JSONText.string) ?? .null,
      "rejects_unknown_parameters": .boolean(isStrict), "has_variations": .boolean(hasVariations), "needs_key": .boolean(needsKey),
    ]
  }
}

extension Model {
  fileprivate var json: JSONText {
    [
      "shutdown_date": shutdownDate.map(JSONText.string) ?? .null, "longest_prompt": .integer(rules.longestPrompt),
      "images_per_request": .integer(rules.counts.upperBound), "input_images": .integer(rules.inputImages),
      "sizes": .strings(rules.sizes.named + (rules.sizes.takesAuto ? ["auto"] : [])), "custom_sizes": .boolean(rules.sizes.takesCustom),
      "qualities": .strings(rules.qualities), "input_fidelities": .strings(rules.fidelities),
      "returns_urls": .boolean(rules.answersURLs),
    ]
  }
}
