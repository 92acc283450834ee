import FastCGI
import FoundationEssentials
import ImageGeneration

/// /v1/models and /v1/models/{id}.
enum ModelsEndpoint {
  static let list: Route.Endpoint = { _, _, _ throws(APIError) in
    .now(.json(.object([("object", .string("list")), ("data", .array(Model.known.map(json)))])))
  }

  static let retrieve: Route.Endpoint = { _, _, id throws(APIError) in .now(.json(json(Model.named(decoded(id))))) }

  static let delete: Route.Endpoint = { _, _, id throws(APIError) in
    .now(.json(.object([("id", .string(decoded(id))), ("object", .string("model")), ("deleted", .boolean(true))])))
  }

  private static func json(_ model: Model) -> JSONText {
    .object([
      ("id", .string(model.id)), ("object", .string("model")), ("created", .integer(model.created)), ("owned_by", .string("system")),
      ("shutdown_date", model.shutdownDate.map(JSONText.string) ?? .null),
    ])
  }

  private static func decoded(_ id: Substring) -> String {
    URLComponents(string: "/" + id).map { String($0.path.dropFirst()) } ?? String(id)
  }
}
