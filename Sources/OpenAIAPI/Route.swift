import FastCGI
import FoundationEssentials
import JSON

/// One row of the routing table: a path, and what serves each method on it.
struct Route: Sendable {
  typealias Serve = @Sendable (inout RequestContext) throws(APIError) -> Reply.Action

  struct Endpoint: Sendable {
    let method: String
    /// Whether faults and latency are simulated before it. Endpoints that make images see to that themselves.
    let isSimulated: Bool
    let serve: Serve
  }

  /// As written here: `/images/{file}`.
  let path: String
  private let prefix: String
  /// What follows the parameter; nil: there is none.
  private let suffix: String?
  let endpoints: [Endpoint]

  /// - Parameter path: literal, or with a `{parameter}` as one of its components.
  private init(_ path: String, _ endpoints: Endpoint...) {
    self.path = path
    prefix = String(path.prefix { $0 != "{" })
    suffix = path.firstIndex(of: "}").map { String(path[path.index(after: $0)...]) }
    self.endpoints = endpoints
  }

  /// The number of the route that a path belongs to, and the path's parameter ("" for a route without one).
  static func index(of path: String) -> (Int, Substring)? {
    for (index, route) in all.enumerated() { if let parameter = route.match(path) { return (index, parameter) } }
    return nil
  }

  private func match(_ path: String) -> Substring? {
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
    Route("/v1/images/generations", plain("POST", ImagesEndpoint.generate)),
    Route("/v1/images/edits", plain("POST", ImagesEndpoint.edit)),
    Route("/v1/images/variations", plain("POST", ImagesEndpoint.vary)),
    Route("/images/{file}", simulated("GET", ImageEndpoint.get), simulated("HEAD", ImageEndpoint.get)),
    Route("/v1/models", simulated("GET", ModelsEndpoint.list)),
    Route("/v1/models/{model}", simulated("GET", ModelsEndpoint.retrieve), simulated("DELETE", ModelsEndpoint.delete)),
    // Azure's names for the same.
    Route("/openai/deployments/{deployment}/images/generations", plain("POST", ImagesEndpoint.generate)),
    Route("/openai/deployments/{deployment}/images/edits", plain("POST", ImagesEndpoint.edit)),
    // What Azure's client asks if a call names no deployment, and for what has none.
    Route("/openai/images/generations", plain("POST", ImagesEndpoint.generate)),
    Route("/openai/images/edits", plain("POST", ImagesEndpoint.edit)),
    Route("/openai/images/variations", plain("POST", ImagesEndpoint.vary)),
    Route("/openai/models", simulated("GET", ModelsEndpoint.list)),
    Route("/healthz", plain("GET", HealthEndpoint.alive), plain("HEAD", HealthEndpoint.alive)),
    Route("/readyz", plain("GET", HealthEndpoint.ready), plain("HEAD", HealthEndpoint.ready)),
    Route("/_fakeai/stats", plain("GET", StatisticsEndpoint.get)),
    Route("/_fakeai/faults", plain("GET", FaultsEndpoint.list)),
    Route("/_fakeai/rules", plain("GET", RulesEndpoint.get), plain("PUT", RulesEndpoint.put)),
    Route("/_fakeai/requests", plain("GET", JournalEndpoint.get), plain("DELETE", JournalEndpoint.clear)),
    Route("/metrics", plain("GET", MetricsEndpoint.get)),
  ]

  private static func plain(_ method: String, _ serve: @escaping Serve) -> Endpoint {
    Endpoint(method: method, isSimulated: false, serve: serve)
  }

  private static func simulated(_ method: String, _ serve: @escaping Serve) -> Endpoint {
    Endpoint(method: method, isSimulated: true, serve: serve)
  }
}

extension Response {
  /// JSON as the API writes it: indented by two blanks, with a line break at the end.
  static func json(_ json: JSONText, status: Int = 200) -> Response {
    Response(status: status, headers: [("Content-Type", "application/json")], body: Array((json.indented + "\n").utf8))
  }
}
