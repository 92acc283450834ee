package import SystemCalls

/// One HTTP response: all of it, or the first part of one whose body continues.
package struct Response: Sendable {
  package typealias Header = (name: String, value: String)

  package var status: Int
  package private(set) var headers: [Header]
  package var body: [UInt8]
  /// Earliest time at which it may be sent; used to simulate latency. If nil, ``Reply/due`` applies.
  package var due: Instant?
  /// The work that makes the next part of the body once this part has been sent; nil if this is the last one. The status and headers of its
  /// result are ignored. The headers must not contain a length of the body.
  package var continuation: Work?
  /// What follows this part as long as the client stays; nil if nothing does. The headers must not contain a length of the body.
  package var stream: OpenStream?
  /// How the body is sent; used to simulate a broken server.
  package var delivery = Delivery.whole

  package init(status: Int = 200, headers: [Header] = [], body: [UInt8] = []) {
    self.status = status
    self.body = body
    self.headers = headers
    // Leaves capacity for the headers that are added later: a response of the API has two dozen.
    self.headers.reserveCapacity(self.headers.count + 24)
    for index in self.headers.indices where !Self.isClean(self.headers[index].value) {
      self.headers[index].value = Self.cleaned(self.headers[index].value)
    }
  }

  /// Adds a header. Control characters in the value become `?`: headers are sent unescaped, so a CR LF would begin another one.
  package mutating func add(_ name: String, _ value: String) {
    headers.append((name, Self.isClean(value) ? value : Self.cleaned(value)))
  }

  /// Looks at eight bytes at a time: every byte of every header passes here.
  private static func isClean(_ value: String) -> Bool {
    let bytes = value.utf8.span
    return unsafe bytes.withUnsafeBytes { bytes in
      let rest = bytes.count & ~7
      for position in stride(from: 0, to: rest, by: 8) {
        if hasControl(unsafe bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)) { return false }
      }
      for position in rest..<bytes.count { if isControl(unsafe bytes[position]) { return false } }
      return true
    }
  }

  /// Whether any of the eight bytes is below 0x20 or equal to 0x7f. A byte without its highest bit is below n if and only if subtracting n
  /// sets that bit; a borrow from a neighbor sets it only next to a byte that is found anyway.
  private static func hasControl(_ word: UInt64) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let deleted = word ^ (0x7f * ones)
    return ((word &- 0x20 * ones) & ~word | (deleted &- ones) & ~deleted) & (0x80 * ones) != 0
  }

  private static func cleaned(_ value: String) -> String {
    String(decoding: value.utf8.map { isControl($0) ? UInt8(ascii: "?") : $0 }, as: UTF8.self)
  }

  private static func isControl(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x7f }

  /// Adds a header and removes all others of that name.
  package mutating func set(_ name: String, _ value: String) {
    headers.removeAll { Self.isSame($0.name, name) }
    add(name, value)
  }

  /// How a body is sent.
  package enum Delivery: Sendable, Equatable {
    case whole
    /// The first bytes of a file are sent, which the kernel does not copy. The body is empty. If the file turns out to be shorter, the
    /// connection is closed.
    case ofFile(OpenFile, length: Int)
    /// The given number of bytes is sent; then the connection is closed.
    case truncated(after: Int)
    /// In the given number of pieces, with a pause between them.
    case throttled(pieces: Int, pause: Duration)
  }

  /// Whether the body ends with this part.
  package var isLastPart: Bool { continuation == nil && stream == nil }

  /// Bytes of the body that the client gets.
  package var length: Int {
    switch delivery {
    case .ofFile(_, let length): length
    case .whole, .truncated, .throttled: body.count
    }
  }

  package func header(_ name: String) -> String? {
    for header in headers where Self.isSame(header.name, name) { return header.value }
    return nil
  }

  private static func isSame(_ name: String, _ other: String) -> Bool {
    guard name.utf8.count == other.utf8.count else { return false }
    let (name, other) = (name.utf8.span, other.utf8.span)
    for index in name.indices where name[index].uppercased != other[index].uppercased { return false }
    return true
  }
}

/// The reason phrase that nginx writes after the status code; without it, the status line would end with the number.
enum ReasonPhrase {
  /// RFC 9110, section 15.
  private static let phrases: [Int: String] = [
    200: "OK", 204: "No Content", 206: "Partial Content", 304: "Not Modified", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden",
    404: "Not Found", 405: "Method Not Allowed", 408: "Request Timeout", 409: "Conflict", 411: "Length Required",
    412: "Precondition Failed", 413: "Content Too Large", 415: "Unsupported Media Type", 416: "Range Not Satisfiable",
    422: "Unprocessable Content", 429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable",
    504: "Gateway Timeout", 507: "Insufficient Storage",
  ]

  private static let lines = Dictionary(uniqueKeysWithValues: phrases.map { ($0, "\($0) \($1)") })

  /// `200 OK`; only the number if the table does not contain the status.
  static func line(_ status: Int) -> String { lines[status] ?? "\(status)" }
}
