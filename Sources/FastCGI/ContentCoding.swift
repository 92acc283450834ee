/// How the body of a request is compressed: the value of Content-Encoding (RFC 9110, section 8.4).
package enum ContentCoding: Equatable {
  case identity
  case gzip
  /// A zlib stream. Some clients send a bare deflate stream under this name (RFC 9110, section 8.4.1.2); both are read.
  case deflate
  /// Any other coding, and several at once, as written in the header.
  case unsupported(String)

  /// - Parameter header: the value of the header; nil if there is none. Names are not case-sensitive, and a list may have empty elements.
  init(_ header: String?) {
    let header = header ?? ""
    let names = header.split(separator: ",").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
    let codings = names.filter { !$0.isEmpty && $0 != "identity" }
    self =
      switch (codings.count, codings.first) {
      case (0, _): .identity
      // x-gzip is an old name of gzip (RFC 9110, section 8.4.1.3).
      case (1, "gzip"), (1, "x-gzip"): .gzip
      case (1, "deflate"): .deflate
      default: .unsupported(header)
      }
  }

  /// The codings that a client may use, for Accept-Encoding.
  package static let accepted = "gzip, deflate"

  /// How many bytes one byte of a deflate stream can stand for: two bits can repeat 258 bytes (RFC 1951, section 3.2.5).
  static let greatestRatio = 1032
}

/// Why a compressed body cannot be read.
package enum ContentCodingError: Error, Equatable {
  /// No such coding is known; the text is the value of Content-Encoding.
  case unsupported(String)
  /// The bytes are not of that coding. The reason continues the sentence "the body is not valid gzip: …".
  case corrupt(coding: String, reason: String)
  /// The body is longer than `limit` bytes when it is decompressed.
  case tooLarge(limit: Int)
  /// Decompressing takes too much processor time, which no useful body does.
  case tooSlow
}
