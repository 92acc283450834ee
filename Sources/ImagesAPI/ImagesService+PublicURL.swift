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
    if let host = request.header("Host"), !host.isEmpty, host.utf8.allSatisfy(isHostByte) { return host }
    let name = request.variables["SERVER_NAME"].flatMap { $0.isEmpty || $0 == "_" ? nil : $0 } ?? "127.0.0.1"
    let port = request.variables["SERVER_PORT"] ?? "80"
    return port == "80" ? name : "\(name):\(port)"
  }

  private static func isHostByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"): true
    default: false
    }
  }
}
