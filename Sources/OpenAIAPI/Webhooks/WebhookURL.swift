/// The address of an endpoint: `http://127.0.0.1:9000/hooks?a=b`.
struct WebhookURL: Sendable, Equatable {
  let isSecure: Bool
  let host: String
  let port: UInt16
  /// As in the Host header.
  let authority: String
  /// With the query; at least a slash.
  let target: String

  static let longest = 2048

  /// - Returns: nil if the text is no HTTP URL.
  init?(_ text: String) {
    guard text.utf8.count <= Self.longest, text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else { return nil }
    let scheme = ["https://", "http://"].first { text.hasPrefix($0) }
    guard let scheme else { return nil }
    isSecure = scheme == "https://"
    let rest = text.dropFirst(scheme.utf8.count)
    let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
    // A user's name in a URL is refused, as it is no part of a host.
    guard end > rest.startIndex, let parsed = Authority(rest[..<end]) else { return nil }
    (host, authority) = (parsed.host, String(rest[..<end]))
    port = parsed.port ?? (isSecure ? 443 : 80)
    let path = rest[end...].prefix { $0 != "#" }
    target = path.hasPrefix("/") ? String(path) : "/" + path
  }

  static let whyNotDelivered =
    "events are not delivered over https, for this server has no TLS client; use http:// instead"
}
