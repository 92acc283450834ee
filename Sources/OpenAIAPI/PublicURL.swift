package import FastCGI
import Metrics

extension APIService {
  /// The prefix of image URLs: the configured one, otherwise the address that the client used.
  func imageBase(for request: Request) -> String {
    if let publicURL = configuration.publicURL { return publicURL }
    let forwarded = ForwardedAddress(request)
    let scheme = Self.scheme(of: request, forwarded)
    return "\(scheme)://\(Self.host(of: request, forwarded, scheme: scheme))"
  }

  /// Whether the client uses TLS, with nginx or with a proxy in front of it.
  static func isSecure(_ request: Request) -> Bool { scheme(of: request, ForwardedAddress(request)) == "https" }

  private static func scheme(of request: Request, _ forwarded: ForwardedAddress) -> String {
    forwarded.scheme ?? (request.variables["REQUEST_SCHEME"] == "https" ? "https" : "http")
  }

  /// The host and port for URLs. Only valid ones count, because they become a part of URLs.
  private static func host(of request: Request, _ forwarded: ForwardedAddress, scheme: String) -> String {
    // nginx's name for the host of a target in absolute form, which precedes the Host header (RFC 9112, section 3.2.2).
    let named = request.variables["TARGET_HOST"] ?? request.header("Host")
    guard let host = forwarded.host ?? named.flatMap({ Authority($0) == nil ? nil : $0 }) else {
      let name = request.variables["SERVER_NAME"].flatMap { $0.isEmpty || $0 == "_" ? nil : $0 } ?? "127.0.0.1"
      return name + suffix(port: request.variables["SERVER_PORT"].flatMap { UInt16($0) } ?? 80, scheme: scheme)
    }
    // Proxies often report the port apart from the host.
    guard let port = forwarded.port, Authority(host)?.port == nil else { return host }
    return host + suffix(port: port, scheme: scheme)
  }

  /// `:8443`, or nothing for a port that goes without saying. That of the other scheme is the one on which a proxy was reached that did not
  /// know of the TLS in front of it.
  private static func suffix(port: UInt16, scheme: String) -> String { [80, 443].contains(port) ? "" : ":\(port)" }
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
