import FastCGI

/// The mock's own routes read and change state that other users of the machine rely on, so a web page must not reach them through its
/// visitor's browser. nginx ensures that a request comes from this machine; this check ensures that no page of another site made it.
extension APIService {
  /// - Throws: an error if the request's host, origin or content type is not acceptable.
  func checkAccess(_ context: RequestContext) throws(APIError) {
    let request = context.request
    // It comes from this machine, but says what somebody else has chosen.
    if request.header("User-Agent") == WebhookSender.userAgent { throw .eventToOwnRoute }
    let host = try trustedHost(of: request)
    if let origin = request.header("Origin"), host?.isOrigin(origin) != true { throw .foreignOrigin(origin) }
    // `none`: the user typed the address or followed a bookmark.
    if let site = request.header("Sec-Fetch-Site"), site != "same-origin", site != "none" { throw .foreignSite(site) }
    // nginx cannot distinguish an empty header from a missing one.
    for name in ["X-Forwarded-For", "X-Real-IP", "Forwarded"] where request.header(name) == "" { throw .emptyForwarding(name) }
    // A page can send the content types of a form to another site without a preflight request.
    if let type = request.contentType, context.body != .whole([]), !Self.isJSON(type) { throw .notJSON(type) }
  }

  /// nil for a request without a Host header; browsers always send one.
  private func trustedHost(of request: Request) throws(APIError) -> Authority? {
    guard let text = request.header("Host") else { return nil }
    guard let host = Authority(text), configuration.trustedHosts.contains(host) else { throw .foreignHost(text) }
    return host
  }

  private static func isJSON(_ type: String) -> Bool {
    let name = type.prefix { $0 != ";" && $0 != " " }.lowercased()
    return name == "application/json" || name.hasPrefix("application/") && name.hasSuffix("+json")
  }
}

extension APIError {
  fileprivate static func foreignHost(_ host: String) -> APIError {
    APIError(
      403,
      "The Host header is '\(host)': this address is served only for an IP address, localhost or this machine's host name. To allow another name, "
        + "add it to FAKEAI_TRUSTED_HOSTS.", code: "host_not_allowed")
  }

  fileprivate static func foreignOrigin(_ origin: String) -> APIError {
    APIError(
      403, "The Origin header is '\(origin)': this address does not respond to pages of other sites.", code: "origin_not_allowed")
  }

  fileprivate static func foreignSite(_ site: String) -> APIError {
    APIError(
      403,
      "The Sec-Fetch-Site header is '\(site)': this address does not respond to pages of other sites. Enter it in the browser's address bar.",
      code: "origin_not_allowed")
  }

  fileprivate static let eventToOwnRoute = APIError(
    403, "This is an event for a webhook endpoint: this address does not take events.", code: "origin_not_allowed")

  fileprivate static func emptyForwarding(_ header: String) -> APIError {
    APIError(403, "The \(header) header is empty: it must name the client. Omit it in a request from this machine itself.")
  }

  fileprivate static func notJSON(_ type: String) -> APIError {
    APIError(
      415, "The Content-Type is '\(type)': this address accepts only JSON. Send 'Content-Type: application/json'.",
      code: "unsupported_content_type")
  }
}
