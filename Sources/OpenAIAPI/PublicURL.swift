package import FastCGI
import Metrics

extension APIService {
  /// What image URLs begin with: as configured, else as the client addressed nginx.
  func imageBase(for request: Request) -> String {
    configuration.publicURL ?? "\(Self.scheme(of: request))://\(Self.host(of: request))"
  }

  /// A proxy before nginx tells the client's scheme; nothing else it might say is believed.
  private static func scheme(of request: Request) -> String {
    let told = request.header("X-Forwarded-Proto") ?? request.variables["REQUEST_SCHEME"]
    return told == "https" ? "https" : "http"
  }

  /// The Host header where it is one, for it becomes part of a URL.
  private static func host(of request: Request) -> String {
    if let host = request.header("Host"), Authority(host) != nil { return host }
    let name = request.variables["SERVER_NAME"].flatMap { $0.isEmpty || $0 == "_" ? nil : $0 } ?? "127.0.0.1"
    let port = request.variables["SERVER_PORT"] ?? "80"
    return port == "80" ? name : "\(name):\(port)"
  }
}

extension APIService {
  /// What has nginx send a request for images to another worker: the location that it named for that. nil for all other requests, which no
  /// renderer keeps waiting, and where it named none: because it has passed on the request before, or its site is from before that existed.
  ///
  /// It is no answer to a client: it is not counted, nor kept in the journal.
  package func redirectElsewhere(_ request: Request) -> Response? {
    guard request.method == "POST", RequestContext.Surface(request.path) == .api, let location = request.variables[Self.elsewhere],
      !location.isEmpty
    else {
      return nil
    }
    return Response(headers: [("X-Accel-Redirect", location)])
  }

  /// The CGI variable in which nginx names that location. Headers of a client are called HTTP_….
  private static let elsewhere = "FAKEAI_ELSEWHERE"

  /// Whether another worker of the pool could draw at once.
  package var hasIdlePeer: Bool { scoreboard.hasPeer(stallingAtMost: .milliseconds(100)) }
}
