/// One HTTP request as nginx passed it on.
package struct Request: Sendable {
  package var method: String
  /// The path as the client sent it, neither decoded nor normalised, without the query.
  package var path: String
  /// What follows the question mark, or "".
  package var query: String
  package var body: Body
  package var variables: CGIParameters
  /// When it had been read.
  package var arrival = ContinuousClock.now

  /// The bytes that came with it, whole or not at all.
  package enum Body: Sendable, Equatable {
    case whole([UInt8])
    /// The connection gave fewer (or more) bytes than announced.
    case incomplete(received: Int, announced: Int)
    /// Announced more than the server reads.
    case tooLarge(announced: Int, limit: Int)
    /// Content-Length is no number.
    case lengthUnreadable(String)
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

  /// The header of that name, in any case: `request.header("X-Forwarded-Proto")`. The body's kind is ``contentType``.
  package func header(_ name: String) -> String? { variables.header(name) }

  /// The kind of the body, which has a variable of its own; nil where there is none.
  package var contentType: String? { variables["CONTENT_TYPE"].flatMap { $0.isEmpty ? nil : $0 } }
}

extension UInt8 {
  /// The ASCII letter as a capital; all else as it is.
  var uppercased: UInt8 { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) ? self - 0x20 : self }
}
