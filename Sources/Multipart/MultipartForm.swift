/// A form as `multipart/form-data` (RFC 7578, RFC 2046): its parts in the order in which they were sent, including duplicates.
///
/// ```
/// preamble  CRLF --boundary CRLF  headers CRLF CRLF content  CRLF --boundary CRLF  …  CRLF --boundary-- epilogue
/// ```
///
/// It is parsed in one pass over the body, which is never copied: each part's content is a slice of it. Work and memory are bounded by the
/// body's length and by ``MultipartLimits``, whatever the body contains.
package struct MultipartForm: Sendable {
  package let parts: [MultipartPart]

  /// - Parameters:
  ///   - body: the whole body.
  ///   - contentType: the request's Content-Type, which names the boundary.
  package init(parsing body: [UInt8], contentType: String, limits: MultipartLimits = MultipartLimits()) throws(MultipartError) {
    var boundary = try MultipartBoundary(contentType: contentType)
    var parts: [MultipartPart] = []
    guard var delimiter = boundary.first(in: body) else { throw .boundaryNotFound }
    while !delimiter.isLast {
      guard parts.count < limits.parts else { throw .tooManyParts(limit: limits.parts) }
      guard let next = boundary.next(in: body, after: delimiter) else { throw .unterminated }
      parts.append(try Self.part(body[delimiter.end..<max(delimiter.end, next.start)], number: parts.count + 1, limits))
      delimiter = next
    }
    self.parts = parts
  }

  private static func part(
    _ bytes: ArraySlice<UInt8>, number: Int, _ limits: MultipartLimits
  ) throws(MultipartError) -> MultipartPart {
    let headers = try MultipartHeaders(bytes, part: number, limit: limits.headerBytes)
    if let encoding = headers["content-transfer-encoding"], !["binary", "8bit", "7bit"].contains(encoding.lowercased()) {
      throw .encodingUnsupported(part: number)
    }
    guard let value = headers["content-disposition"], let disposition = HeaderParameters(value), disposition.value == "form-data",
      let name = disposition["name"]
    else { throw .nameMissing(part: number) }
    // A file name that cannot be decoded still makes the part a file.
    let filename = disposition["filename"] ?? (disposition.isGiven("filename") ? "" : nil)
    let part = MultipartPart(name: name, filename: filename, contentType: headers["content-type"], content: bytes[headers.end...])
    let limit = part.isFile ? limits.fileBytes : limits.fieldBytes
    guard part.content.count <= limit else { throw .contentTooLong(name: name, limit: limit) }
    return part
  }
}

/// One field or file of a form.
package struct MultipartPart: Sendable, Equatable {
  /// The name as sent, including brackets: `image[]`, `svg[reasoning][effort]`.
  package let name: String
  /// The file name; nil for a field. A file may have an empty name.
  package let filename: String?
  /// The Content-Type as sent, with its parameters.
  package let contentType: String?
  /// A slice of the body, not a copy.
  package let content: ArraySlice<UInt8>

  /// Whether the part is a file. Some clients send images without a file name: those have the type of an image or of any bytes, or the
  /// content of an image.
  package var isFile: Bool {
    if filename != nil { return true }
    let type = contentType?.lowercased() ?? ""
    return type.hasPrefix("image/") || type.hasPrefix("application/octet-stream") || beginsAsImage
  }

  private var beginsAsImage: Bool {
    content.starts(with: [0x89, 0x50, 0x4e, 0x47]) || content.starts(with: [0xff, 0xd8, 0xff])
      || content.starts(with: "RIFF".utf8) && content.dropFirst(8).starts(with: "WEBP".utf8)
  }

  /// The content of a field; nil if it is not UTF-8.
  package var text: String? { String(validating: content, as: UTF8.self) }
}

/// The limits of a form, in parts and bytes. A form of the Images API has at most 16 images, a mask, an overlay and some twenty fields.
package struct MultipartLimits: Sendable {
  package var parts = 64
  /// The limit for all headers of one part.
  package var headerBytes = 4096
  /// The limit for a part without a file name: the longest prompt has 32,000 characters of up to four bytes.
  package var fieldBytes = 256 << 10
  package var fileBytes = 50 << 20

  package init() {}
}
