import FastCGI
import JSON

/// GET /openapi.json: describes all routes, for programs.
enum OpenAPIEndpoint {
  static let path = "/openapi.json"

  static let get: Route.Serve = { _ throws(APIError) in .respond(response) }

  /// Made once in each worker, when it is first requested: the tables do not change.
  private static let response = Response.json(OpenAPIDocument.json)
}

/// GET /_fakeai, with or without a slash at the end: lists all routes with a sentence each, for persons.
enum OverviewEndpoint {
  static let path = "/_fakeai"

  static let get: Route.Serve = { _ throws(APIError) in .respond(response) }

  private static let response = Response.json([
    "object": "list", "openapi": .string(OpenAPIEndpoint.path), "data": .array(entries(isOwn: true) + entries(isOwn: false)),
  ])

  /// The mock's own routes come first, because they are what is asked for here. HEAD is left out, as it is everywhere that GET is.
  private static func entries(isOwn: Bool) -> [JSONText] {
    Route.all.filter { (RequestAddress($0.path).surface == .own) == isOwn }.flatMap { route in
      route.endpoints.filter { $0.method != "HEAD" }.map { endpoint in
        ["method": .string(endpoint.method), "path": .string(route.path), "description": .string(endpoint.description.summary)]
      }
    }
  }
}
