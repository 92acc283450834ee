import FastCGI
import ImageGeneration
import JSON

/// /v1/models and /v1/models/{id}, and Azure's /openai/models.
enum ModelsEndpoint {
  static let list: Route.Endpoint = { service, request, _ throws(APIError) in
    let models = try service.profile(for: request).rules.models
    return .now(.json(.object([("object", .string("list")), ("data", .array(models.map(json)))])))
  }

  static let retrieve: Route.Endpoint = { service, request, id throws(APIError) in
    .now(.json(json(try model(id, service, request))))
  }

  static let delete: Route.Endpoint = { service, request, id throws(APIError) in
    let model = try model(id, service, request)
    return .now(.json(.object([("id", .string(model.id)), ("object", .string("model")), ("deleted", .boolean(true))])))
  }

  private static func model(_ id: Substring, _ service: ImagesService, _ request: Request) throws(APIError) -> Model {
    let id = Route.decoded(id)
    guard let model = try service.profile(for: request).rules.model(named: id) else { throw .noSuchModel(id) }
    return model
  }

  private static func json(_ model: Model) -> JSONText {
    .object([
      ("id", .string(model.id)), ("object", .string("model")), ("created", .integer(model.created)), ("owned_by", .string("system")),
      ("shutdown_date", model.shutdownDate.map(JSONText.string) ?? .null),
    ])
  }
}
