/// One field or file of a form.
package struct MultipartPart: Sendable, Equatable {
  /// As sent, brackets included: `image[]`, `svg[reasoning][effort]`.
  package let name: String
  /// Nil for a field. A file may have an empty one.
  package let filename: String?
  /// As sent, with its parameters.
  package let contentType: String?
  /// A part of the body, not a copy of it.
  package let content: ArraySlice<UInt8>

  /// The content of a field; nil where it is not UTF-8.
  package var text: String? { String(validating: content, as: UTF8.self) }
}
