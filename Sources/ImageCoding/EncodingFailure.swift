/// Rows that do not fit their size, or that a library refused.
package struct EncodingFailure: Error, Equatable {
  /// What was to be made, and why it was not.
  package let reason: String
}
