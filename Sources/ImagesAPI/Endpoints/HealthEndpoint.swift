import FastCGI
import ImageGeneration
import ImageStore
import JSON

/// /healthz: the worker's loop turns. /readyz: it can also take and serve images.
enum HealthEndpoint {
  static let alive: Route.Endpoint = { _, _, _ throws(APIError) in .now(.json(.object([("status", .string("ok"))]))) }

  static let ready: Route.Endpoint = { service, _, _ throws(APIError) in
    if service.generator.store.isRemoved { throw APIError(.removed) }
    return .now(.json(.object([("status", .string("ready"))])))
  }
}
