/// What is wrong with a form.
package enum MultipartError: Error, Equatable {
  /// The Content-Type is another one.
  case notMultipart
  /// The Content-Type names no boundary, or one that RFC 2046 (section 5.1.1) does not allow: 1 to 70 of certain characters.
  case boundaryInvalid
  /// No line of the body is the boundary.
  case boundaryNotFound
  /// The last boundary is missing: the body was cut short.
  case unterminated
  case tooManyParts(limit: Int)
  case headersTooLong(limit: Int)
  /// A header that is none, with the part's number from 1.
  case headerMalformed(part: Int)
  /// A part that does not say `form-data` with a name.
  case nameMissing(part: Int)
  /// Base64 or quoted-printable, which RFC 7578 (section 4.7) has done away with.
  case encodingUnsupported(part: Int)
  case contentTooLong(name: String, limit: Int)
}

extension MultipartError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notMultipart: "the content type is not multipart/form-data"
    case .boundaryInvalid: "the content type has no valid boundary of 1 to 70 characters"
    case .boundaryNotFound: "the body does not contain the boundary that the content type names"
    case .unterminated: "the body ends before its last boundary"
    case .tooManyParts(let limit): "the form has more than \(limit) parts"
    case .headersTooLong(let limit): "a part's headers have more than \(limit) bytes"
    case .headerMalformed(let part): "a header of part \(part) is malformed"
    case .nameMissing(let part): "part \(part) has no Content-Disposition header of the type form-data with a name"
    case .encodingUnsupported(let part): "part \(part) has a Content-Transfer-Encoding, which multipart/form-data does not allow"
    case .contentTooLong(let name, let limit): "the content of '\(name)' has more than \(limit) bytes"
    }
  }
}
