import FastCGI

/// What lets pages of other origins use the API and fetch images, as production does: <https://fetch.spec.whatwg.org/#http-cors-protocol>. The
/// mock's own routes allow no other origin.
enum CORS {
  /// The answer to a browser that asks before it sends a request from another origin. It needs no key, for browsers send none with it.
  ///
  /// - Parameter usual: the headers to allow if the browser does not name any.
  static func preflight(_ request: Request, methods: [String], usual: String) -> Response {
    Response(
      status: 204,
      headers: [
        ("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Methods", (methods + ["OPTIONS"]).joined(separator: ", ")),
        // What is asked for is allowed: a list would lack what the next client sends, and there is nothing here to protect.
        ("Access-Control-Allow-Headers", request.header("Access-Control-Request-Headers") ?? usual), ("Access-Control-Max-Age", "86400"),
      ])
  }

  /// The headers of the API's responses that a page may read: all of them. (That is what `*` says to requests without cookies, which those of
  /// OpenAI's clients are.)
  static let exposedHeaders = "*"
}

extension Response {
  /// Lets pages of all origins read it, unless it says already who may.
  mutating func allowAllOrigins(exposing headers: String) {
    if header("Access-Control-Allow-Origin") == nil { add("Access-Control-Allow-Origin", "*") }
    if header("Access-Control-Expose-Headers") == nil { add("Access-Control-Expose-Headers", headers) }
  }
}
