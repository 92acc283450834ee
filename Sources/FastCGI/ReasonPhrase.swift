/// What nginx is to write behind a status; without it, its status line would end in a number.
enum ReasonPhrase {
  /// RFC 9110, section 15.
  private static let phrases: [Int: String] = [
    200: "OK", 204: "No Content", 206: "Partial Content", 304: "Not Modified", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden",
    404: "Not Found", 405: "Method Not Allowed", 408: "Request Timeout", 409: "Conflict", 411: "Length Required",
    413: "Content Too Large", 415: "Unsupported Media Type", 416: "Range Not Satisfiable", 422: "Unprocessable Content",
    429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
    507: "Insufficient Storage",
  ]

  private static let lines = Dictionary(uniqueKeysWithValues: phrases.map { ($0, "\($0) \($1)") })

  /// `200 OK`; a status that the table does not know stands alone.
  static func line(_ status: Int) -> String { lines[status] ?? "\(status)" }
}
