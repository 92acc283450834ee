/// An image that came with a request, not yet looked into.
enum InputImage: Sendable, Equatable {
  case file(UploadedFile)
  /// A `data:` URL. Those of the API's length take a while to decode, so that this is done when the picture is drawn.
  case dataURL(DataURL)
  /// An image elsewhere, by URL or by the id of a file. It is not fetched: a mock that calls out would surprise its user's network.
  case elsewhere

  /// Characters of the longest URL.
  static let longestURL = 20_971_520

  /// The file's bytes; nil for one elsewhere.
  ///
  /// - Throws: ``Unreadable`` if a `data:` URL holds no bytes.
  func bytes() throws(Unreadable) -> ArraySlice<UInt8>? {
    switch self {
    case .elsewhere: return nil
    case .file(let file): return file.content
    case .dataURL(let url):
      guard let content = url.content() else { throw Unreadable() }
      return content[...]
    }
  }

  /// A `data:` URL whose base64 is not valid.
  struct Unreadable: Error {}
}
