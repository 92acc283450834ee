import FastCGI
import ImageGeneration
import JSON

/// /v1/models and /v1/models/{id}, and Azure's /openai/models.
enum ModelsEndpoint {
  static let list: Route.Serve = { context throws(APIError) in
    let models = try context.profile().rules.models
    return .respond(.json(.object([("object", .string("list")), ("data", .array(models.map(json)))])))
  }

  static let retrieve: Route.Serve = { context throws(APIError) in .respond(.json(json(try model(context)))) }

  static let delete: Route.Serve = { context throws(APIError) in
    let model = try model(context)
    return .respond(.json(.object([("id", .string(model.id)), ("object", .string("model")), ("deleted", .boolean(true))])))
  }

  private static func model(_ context: RequestContext) throws(APIError) -> Model {
    let id = Route.decoded(context.parameter)
    guard let model = try context.profile().rules.model(named: id) else { throw .noSuchModel(id) }
    return model
  }

  private static func json(_ model: Model) -> JSONText {
    .object([
      ("id", .string(model.id)), ("object", .string("model")), ("created", .integer(model.created)), ("owned_by", .string("system")),
      ("shutdown_date", model.shutdownDate.map(JSONText.string) ?? .null),
    ])
  }
}
