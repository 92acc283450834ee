package import FastCGI
import Metrics

extension APIService {
  /// The prefix of image URLs: the configured one, otherwise the address by which the client reached nginx.
  func imageBase(for request: Request) -> String {
    configuration.publicURL ?? "\(Self.scheme(of: request))://\(Self.host(of: request))"
  }

  /// A proxy in front of nginx may report the client's scheme; its other headers are not trusted.
  private static func scheme(of request: Request) -> String {
    let told = request.header("X-Forwarded-Proto") ?? request.variables["REQUEST_SCHEME"]
    return told == "https" ? "https" : "http"
  }

  /// The Host header if it is valid, because it becomes a part of URLs.
  private static func host(of request: Request) -> String {
    if let host = request.header("Host"), Authority(host) != nil { return host }
    let name = request.variables["SERVER_NAME"].flatMap { $0.isEmpty || $0 == "_" ? nil : $0 } ?? "127.0.0.1"
    let port = request.variables["SERVER_PORT"] ?? "80"
    return port == "80" ? name : "\(name):\(port)"
  }
}

extension APIService {
  /// The response that makes nginx send a request for images to another worker, by naming nginx's location for that. Nil for all other
  /// requests, because they do not wait for the renderer. Also nil if nginx named no location: it has already passed the request on, or its
  /// configuration predates this feature.
  ///
  /// This is not a response to a client: it is neither counted nor recorded in the journal.
  package func redirectElsewhere(_ request: Request) -> Response? {
    guard request.method == "POST", RequestAddress(request.path).surface == .api, let location = request.variables[Self.elsewhere],
      !location.isEmpty
    else {
      return nil
    }
    return Response(headers: [("X-Accel-Redirect", location)])
  }

  /// The CGI variable in which nginx names that location. A client cannot set it: its headers are called HTTP_….
  private static let elsewhere = "FAKEAI_ELSEWHERE"

  /// Whether another worker of the pool could draw at once.
  package var hasIdlePeer: Bool { scoreboard.hasPeer(stallingAtMost: .milliseconds(100)) }
}
