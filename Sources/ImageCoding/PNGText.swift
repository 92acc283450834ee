/// A text chunk: metadata of an image.
package struct PNGText: Sendable, Equatable {
  /// 1 to 79 Latin-1 characters (PNG specification, section 11.3.4.2).
  package var keyword: String
  /// UTF-8 without NUL.
  package var text: String

  package init(keyword: String, text: String) {
    self.keyword = keyword
    self.text = text
  }
}
