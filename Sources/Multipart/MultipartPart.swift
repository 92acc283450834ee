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

  /// The content of a field; nil if it is not UTF-8.
  package var text: String? { String(validating: content, as: UTF8.self) }
}
