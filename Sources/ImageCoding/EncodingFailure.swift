/// Rows that do not match the size, or that a library rejected.
package struct EncodingFailure: Error, Equatable {
  /// The format, and why encoding failed.
  package let reason: String
}
