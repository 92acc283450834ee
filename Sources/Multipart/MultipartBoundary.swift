import Glibc

/// The boundary line between parts.
struct MultipartBoundary {
  /// Two hyphens and the boundary.
  private let hyphenated: [UInt8]
  /// A line end, two hyphens and the boundary.
  private var delimiter: [UInt8]
  private var newline: [UInt8]

  struct Delimiter {
    /// Where the content before it ends.
    let start: Int
    /// Where the headers after it begin.
    let end: Int
    /// Whether two hyphens mark the end of the form.
    let isLast: Bool
  }

  /// The longest boundary in bytes. RFC 2046 (section 5.1.1) allows 70 of certain characters, but clients in use write longer ones and
  /// other characters, and the servers that they were written for take them.
  static let longest = 256

  init(contentType: String) throws(MultipartError) {
    guard let type = HeaderParameters(contentType) else { throw .contentTypeMalformed }
    guard type.value == "multipart/form-data" else { throw .notMultipart }
    guard let boundary = type.raw("boundary"), !boundary.isEmpty else { throw .boundaryMissing }
    guard boundary.utf8.count <= Self.longest else { throw .boundaryTooLong(length: boundary.utf8.count, limit: Self.longest) }
    // A blank at the end could not be told from padding.
    guard boundary.utf8.allSatisfy({ (0x20...0x7e).contains($0) }), boundary.utf8.last != UInt8(ascii: " ") else { throw .boundaryIllegal }
    hyphenated = Array("--\(boundary)".utf8)
    newline = [13, 10]
    delimiter = newline + hyphenated
  }

  /// Finds the first boundary line, and learns from it how lines end: in a form that a person has written, perhaps with LF alone.
  mutating func first(in body: [UInt8]) -> Delimiter? {
    if body.starts(with: hyphenated), let found = first(in: body, at: 0) { return found }
    let line = [10] + hyphenated
    var search = 0
    while let start = Self.find(line, in: body, from: search) {
      if let found = first(in: body, at: start + 1) { return found }
      search = start + 1
    }
    return nil
  }

  private mutating func first(in body: [UInt8], at start: Int) -> Delimiter? {
    for newline: [UInt8] in [[13, 10], [10]] {
      guard let end = Self.lineEnd(in: body, from: start + hyphenated.count, newline) else { continue }
      (self.newline, delimiter) = (newline, newline + hyphenated)
      return Delimiter(start: start, end: end.offset, isLast: end.isLast)
    }
    return nil
  }

  /// Finds the next boundary line. A line that merely begins like the boundary belongs to the content.
  func next(in body: [UInt8], after previous: Delimiter) -> Delimiter? {
    // The line end of a boundary may also begin the next one, if a part has neither headers nor content.
    var search = previous.end - newline.count
    while let start = Self.find(delimiter, in: body, from: search) {
      if let end = Self.lineEnd(in: body, from: start + delimiter.count, newline) {
        return Delimiter(start: start, end: end.offset, isLast: end.isLast)
      }
      search = start + newline.count
    }
    return nil
  }

  /// The end of a boundary line: two hyphens, whatever follows, or only blanks before the line end.
  private static func lineEnd(in body: [UInt8], from offset: Int, _ newline: [UInt8]) -> (offset: Int, isLast: Bool)? {
    if body[offset...].starts(with: "--".utf8) { return (offset + 2, true) }
    var end = offset
    while end < body.count, body[end] == UInt8(ascii: " ") || body[end] == UInt8(ascii: "\t") { end += 1 }
    return body[end...].starts(with: newline) ? (end + newline.count, false) : nil
  }

  /// Finds a line end and what follows it, from one line end to the next.
  private static func find(_ bytes: [UInt8], in body: [UInt8], from offset: Int) -> Int? {
    unsafe body.withUnsafeBytes { body in
      guard let base = body.baseAddress else { return nil }
      var start = offset
      while start + bytes.count <= body.count,
        let found = unsafe memchr(base + start, CInt(bytes[0]), body.count - bytes.count + 1 - start)
      {
        start = unsafe UnsafeRawPointer(found) - base
        if unsafe memcmp(found, bytes, bytes.count) == 0 { return start }
        start += 1
      }
      return nil
    }
  }
}
