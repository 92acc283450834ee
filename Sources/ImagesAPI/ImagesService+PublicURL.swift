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

  /// A name or an address, and perhaps a port. A regular expression would be compiled for each request: a third of a worker's time where
  /// nothing is drawn.
  private static func isHost(_ text: String) -> Bool {
    let isBracketed = text.utf8.first == UInt8(ascii: "[")
    let end =
      isBracketed ? text.utf8.lastIndex(of: UInt8(ascii: "]")).map(text.utf8.index(after:)) : text.utf8.firstIndex(of: UInt8(ascii: ":"))
    let host = text[..<(end ?? text.endIndex)]
    return (isBracketed ? isAddress(host) : isName(host)) && isPort(text[host.endIndex...])
  }

  private static func isName(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { $0.isLetter || $0.isDigit || "._-".utf8.contains($0) }
  }

  /// `[::1]`
  private static func isAddress(_ text: Substring) -> Bool {
    text.utf8.count > 2 && text.last == "]"
      && text.utf8.dropFirst().dropLast().allSatisfy {
        $0.isDigit || $0.isLetter && ($0 | 0x20) <= UInt8(ascii: "f") || ":.".utf8.contains($0)
      }
  }

  /// Nothing, or `:8000`.
  private static func isPort(_ text: Substring) -> Bool {
    let digits = text.utf8.dropFirst()
    return text.isEmpty || text.utf8.first == UInt8(ascii: ":") && digits.allSatisfy(\.isDigit) && UInt16(Substring(digits)) != nil
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
  fileprivate var isLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
}
