package import SystemCalls

/// One HTTP request as received from nginx.
package struct Request: Sendable {
  package var method: String
  /// The path as the client sent it, neither decoded nor normalised, without the query.
  package var path: String
  /// The part after the question mark, or "".
  package var query: String
  package var body: Body
  package var variables: CGIParameters
  /// When the request's head had been read.
  package var arrival = Instant.now
  /// Whether the server made it for a client, such as a line of a batch, and there is no connection.
  package var isInternal = false

  /// The bytes of the body, if all of them arrived and the body is not too large.
  package enum Body: Sendable, Equatable {
    case whole([UInt8])
    /// The connection delivered fewer (or more) bytes than announced.
    case incomplete(received: Int, announced: Int)
    /// The announced length exceeds the limit.
    case tooLarge(announced: Int, limit: Int)
    /// Content-Length is not a number.
    case lengthUnreadable(String)
    /// It is compressed, and cannot be decompressed.
    case undecodable(ContentCodingError)
  }

  package init(
    method: String, path: String, query: String = "", variables: CGIParameters = [:], body: Body = .whole([])
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.variables = variables
    self.body = body
  }

  /// The value of a header; the name is not case-sensitive: `request.header("X-Forwarded-Proto")`. For Content-Type, use ``contentType``.
  package func header(_ name: String) -> String? { variables.header(name) }

  /// The value of a header that is a list. Several headers of that name are one list (RFC 9110, section 5.3).
  package func headerList(_ name: String) -> String? { variables.headerList(name) }

  /// Whether there is a header whose name begins with a text.
  package func hasHeader(startingWith start: String) -> Bool { variables.hasHeader(startingWith: start) }

  /// The media type of the body, which CGI passes in a variable of its own; nil if there is none.
  package var contentType: String? { variables["CONTENT_TYPE"].flatMap { $0.isEmpty ? nil : $0 } }
}

extension UInt8 {
  /// The upper-case form of an ASCII letter; any other byte unchanged.
  var uppercased: UInt8 { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) ? self - 0x20 : self }
}
