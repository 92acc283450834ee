import Glibc

/// The boundary line between parts.
struct MultipartBoundary {
  /// CRLF, two hyphens and the boundary.
  private let delimiter: [UInt8]

  struct Delimiter {
    /// Where the content before it ends.
    let start: Int
    /// Where the headers after it begin.
    let end: Int
    /// Whether two hyphens mark the end of the form.
    let isLast: Bool
  }

  init(contentType: String) throws(MultipartError) {
    guard let type = HeaderParameters(contentType), type.value == "multipart/form-data" else { throw .notMultipart }
    guard let boundary = type["boundary"], (1...70).contains(boundary.utf8.count), boundary.utf8.allSatisfy(Self.isLegal),
      boundary.utf8.last != UInt8(ascii: " ")
    else { throw .boundaryInvalid }
    delimiter = Array("\r\n--\(boundary)".utf8)
  }

  /// `bchars` of RFC 2046, section 5.1.1.
  private static func isLegal(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    default: "'()+_,-./:=? ".utf8.contains(byte)
    }
  }

  /// Finds the next boundary line. A line that merely begins like the boundary belongs to the content.
  func next(in body: [UInt8], from offset: Int) -> Delimiter? {
    if offset == 0, body.starts(with: delimiter.dropFirst(2)), let found = line(in: body, at: -2) { return found }
    // The CRLF that ends a boundary may also begin the next one, if a part has neither headers nor content.
    var search = max(0, offset - 2)
    while let start = find(in: body, from: search) {
      if let found = line(in: body, at: start) { return found }
      search = start + 2
    }
    return nil
  }

  /// The delimiter at an offset, if only blanks, optionally after two hyphens, follow it before the end of the line.
  private func line(in body: [UInt8], at start: Int) -> Delimiter? {
    var end = start + delimiter.count
    let isLast = body[end...].starts(with: "--".utf8)
    if isLast { return Delimiter(start: start, end: end + 2, isLast: true) }
    while end < body.count, body[end] == UInt8(ascii: " ") || body[end] == UInt8(ascii: "\t") { end += 1 }
    return body[end...].starts(with: "\r\n".utf8) ? Delimiter(start: max(start, 0), end: end + 2, isLast: false) : nil
  }

  /// Finds the delimiter itself, from one carriage return to the next.
  private func find(in body: [UInt8], from offset: Int) -> Int? {
    unsafe body.withUnsafeBytes { body in
      guard let base = body.baseAddress else { return nil }
      var start = offset
      while start + delimiter.count <= body.count,
        let found = unsafe memchr(base + start, CInt(delimiter[0]), body.count - delimiter.count + 1 - start)
      {
        start = unsafe UnsafeRawPointer(found) - base
        if unsafe memcmp(found, delimiter, delimiter.count) == 0 { return start }
        start += 1
      }
      return nil
    }
  }
}
