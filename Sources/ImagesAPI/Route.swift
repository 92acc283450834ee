import FastCGI

/// One row of the routing table: a path, and what serves each method on it.
struct Route {
  /// Gets the service, the request and the path's last component where the route has a `{…}`.
  typealias Endpoint = @Sendable (ImagesService, Request, Substring) throws(APIError) -> Reply

  private let prefix: String
  private let hasParameter: Bool
  let endpoints: [(method: String, serve: Endpoint)]

  /// - Parameter path: literal, or with a `{parameter}` as its last component.
  init(_ path: String, _ endpoints: (method: String, serve: Endpoint)...) {
    prefix = String(path.prefix { $0 != "{" })
    hasParameter = path.hasSuffix("}")
    self.endpoints = endpoints
  }

  /// The path's parameter ("" for a route without one), or nil where the path is another.
  func match(_ path: String) -> Substring? {
    guard hasParameter else { return path == prefix ? "" : nil }
    guard path.hasPrefix(prefix) else { return nil }
    let parameter = path.dropFirst(prefix.count)
    return parameter.isEmpty || parameter.utf8.contains(UInt8(ascii: "/")) ? nil : parameter
  }

  /// What the server answers to. Paths are taken as they were sent, undecoded: nothing here needs an escape.
  static let all = [
    Route("/v1/images/generations", ("POST", GenerationEndpoint.create)),
    Route("/images/{file}", ("GET", ImageEndpoint.get), ("HEAD", ImageEndpoint.get), ("OPTIONS", ImageEndpoint.options)),
    Route("/v1/models", ("GET", ModelsEndpoint.list)),
    Route("/v1/models/{model}", ("GET", ModelsEndpoint.retrieve), ("DELETE", ModelsEndpoint.delete)),
    Route("/healthz", ("GET", HealthEndpoint.alive), ("HEAD", HealthEndpoint.alive)),
    Route("/readyz", ("GET", HealthEndpoint.ready), ("HEAD", HealthEndpoint.ready)),
    Route("/_fakeai/stats", ("GET", StatisticsEndpoint.get)),
    Route("/_fakeai/requests", ("GET", JournalEndpoint.get), ("DELETE", JournalEndpoint.clear)),
  ]
}
