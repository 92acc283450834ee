import FastCGI

/// Lets pages of other origins use the API and fetch images, as in production: <https://fetch.spec.whatwg.org/#http-cors-protocol>. The
/// mock's own routes allow no other origin.
enum CORS {
  /// The response to a preflight request; ``RequestContext/finish(_:)`` adds the allowed origin. It needs no key, because browsers send none
  /// with it.
  ///
  /// - Parameter usual: the headers to allow if the browser does not name any.
  static func preflight(_ request: Request, methods: [String], usual: String) -> Response {
    Response(
      status: 204,
      headers: [
        ("Access-Control-Allow-Methods", (methods + ["OPTIONS"]).joined(separator: ", ")),
        // Every requested header is allowed: a fixed list would lack a header of the next client, and there is nothing to protect here.
        ("Access-Control-Allow-Headers", request.header("Access-Control-Request-Headers") ?? usual), ("Access-Control-Max-Age", "86400"),
      ])
  }

  /// The headers of API requests to allow if the browser does not name any.
  static let usualHeaders = "Authorization, Content-Type, api-key"

  /// The headers of API responses that a page may read: all of them. (`*` has that meaning for requests without credentials, such as those
  /// of OpenAI's clients.)
  static let exposedHeaders = "*"
}

extension Response {
  /// Lets pages of all origins read the response.
  mutating func allowAllOrigins(exposing headers: String) {
    add("Access-Control-Allow-Origin", "*")
    add("Access-Control-Expose-Headers", headers)
  }
}
