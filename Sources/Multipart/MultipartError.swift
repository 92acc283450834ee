/// What is wrong with a form.
package enum MultipartError: Error, Equatable {
  /// The Content-Type is not multipart/form-data.
  case notMultipart
  /// A quoted parameter of the Content-Type has no end.
  case contentTypeMalformed
  /// The Content-Type names no boundary.
  case boundaryMissing
  case boundaryTooLong(length: Int, limit: Int)
  /// The boundary has characters that no line of a form can have, or ends with a space.
  case boundaryIllegal
  /// No line of the body is the boundary.
  case boundaryNotFound
  /// The last boundary is missing: the body is truncated.
  case unterminated
  case tooManyParts(limit: Int)
  case headersTooLong(limit: Int)
  /// A malformed header; parts are numbered from 1.
  case headerMalformed(part: Int)
  /// A part without the disposition `form-data` and a name.
  case nameMissing(part: Int)
  /// Base64 or quoted-printable, which RFC 7578 (section 4.7) has removed.
  case encodingUnsupported(part: Int)
  case contentTooLong(name: String, limit: Int)
}

extension MultipartError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notMultipart: "the content type is not multipart/form-data"
    case .contentTypeMalformed: "the content type has a quoted parameter without a closing quote"
    case .boundaryMissing: "the content type has no boundary; let the HTTP library write this header"
    case .boundaryTooLong(let length, let limit): "the boundary in the content type has \(length) bytes, and at most \(limit) are accepted"
    case .boundaryIllegal: "the boundary in the content type has a character other than printable ASCII, or ends with a space"
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
