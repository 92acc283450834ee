import FastCGI

extension ImagesService {
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
    if let host = request.header("Host"), isHost(host) { return host }
    let name = request.variables["SERVER_NAME"].flatMap { $0.isEmpty || $0 == "_" ? nil : $0 } ?? "127.0.0.1"
    let port = request.variables["SERVER_PORT"] ?? "80"
    return port == "80" ? name : "\(name):\(port)"
  }

  /// A name or an address, and perhaps a port.
  private static func isHost(_ text: String) -> Bool {
    guard let parts = text.wholeMatch(of: /(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::([0-9]{1,5}))?/) else { return false }
    return parts.output.1.map { UInt16($0) != nil } ?? true
  }
}
