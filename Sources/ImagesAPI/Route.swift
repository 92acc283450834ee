import FastCGI
import FoundationEssentials

/// One row of the routing table: a path, and what serves each method on it.
struct Route {
  /// Gets the service, the request and what stands where the route has a `{…}`.
  typealias Endpoint = @Sendable (ImagesService, Request, Substring) throws(APIError) -> Reply

  /// As written here: `/images/{file}`.
  let path: String
  private let prefix: String
  /// What follows the parameter; nil: there is none.
  private let suffix: String?
  let endpoints: [(method: String, serve: Endpoint)]

  /// - Parameter path: literal, or with a `{parameter}` as one of its components.
  init(_ path: String, _ endpoints: (method: String, serve: Endpoint)...) {
    self.path = path
    prefix = String(path.prefix { $0 != "{" })
    suffix = path.firstIndex(of: "}").map { String(path[path.index(after: $0)...]) }
    self.endpoints = endpoints
  }

  /// The path's parameter ("" for a route without one), or nil where the path is another.
  func match(_ path: String) -> Substring? {
    guard let suffix else { return path == prefix ? "" : nil }
    guard path.utf8.count > prefix.utf8.count + suffix.utf8.count, path.hasPrefix(prefix), path.hasSuffix(suffix) else { return nil }
    let parameter = path.utf8.dropFirst(prefix.utf8.count).dropLast(suffix.utf8.count)
    return parameter.contains(UInt8(ascii: "/")) ? nil : Substring(parameter)
  }

  /// A parameter without its percent escapes.
  static func decoded(_ parameter: Substring) -> String {
    URLComponents(string: "/" + parameter).map { String($0.path.dropFirst()) } ?? String(parameter)
  }

  /// What the server answers to. Paths are taken as they were sent, undecoded: nothing here needs an escape.
  static let all = [
    Route("/v1/images/generations", ("POST", GenerationEndpoint.create)),
    Route("/v1/images/edits", ("POST", GenerationEndpoint.edit)),
    Route("/v1/images/variations", ("POST", GenerationEndpoint.vary)),
    Route("/images/{file}", ("GET", staged(ImageEndpoint.get)), ("HEAD", staged(ImageEndpoint.get)), ("OPTIONS", ImageEndpoint.options)),
    Route("/v1/models", ("GET", staged(ModelsEndpoint.list))),
    Route("/v1/models/{model}", ("GET", staged(ModelsEndpoint.retrieve)), ("DELETE", staged(ModelsEndpoint.delete))),
    // Azure's names for the same.
    Route("/openai/deployments/{deployment}/images/generations", ("POST", GenerationEndpoint.create)),
    Route("/openai/deployments/{deployment}/images/edits", ("POST", GenerationEndpoint.edit)),
    // What Azure's client asks where a call names no deployment, and for what has none.
    Route("/openai/images/generations", ("POST", GenerationEndpoint.create)),
    Route("/openai/images/edits", ("POST", GenerationEndpoint.edit)),
    Route("/openai/images/variations", ("POST", GenerationEndpoint.vary)),
    Route("/openai/models", ("GET", staged(ModelsEndpoint.list))),
    Route("/healthz", ("GET", HealthEndpoint.alive), ("HEAD", HealthEndpoint.alive)),
    Route("/readyz", ("GET", HealthEndpoint.ready), ("HEAD", HealthEndpoint.ready)),
    Route("/_fakeai/stats", ("GET", StatisticsEndpoint.get)),
    Route("/_fakeai/faults", ("GET", FaultsEndpoint.list)),
    Route("/_fakeai/rules", ("GET", RulesEndpoint.get), ("PUT", RulesEndpoint.put)),
    Route("/_fakeai/requests", ("GET", JournalEndpoint.get), ("DELETE", JournalEndpoint.clear)),
    Route("/metrics", ("GET", MetricsEndpoint.get)),
  ]
}
