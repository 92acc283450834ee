import FoundationEssentials

/// An image that came with a request, not yet looked into.
enum InputImage: Sendable, Equatable {
  case file(UploadedFile)
  /// A `data:` URL. Those of the API's length take a while to decode, so that this is done when the picture is drawn.
  case dataURL(String)
  /// An image elsewhere, by URL or by the id of a file. It is not fetched: a mock that calls out would surprise its user's network.
  case elsewhere

  /// Characters of the longest URL.
  static let longestURL = 20_971_520

  /// The file's bytes; nil for one elsewhere.
  ///
  /// - Throws: where a `data:` URL holds none.
  func bytes() throws(Unreadable) -> ArraySlice<UInt8>? {
    switch self {
    case .elsewhere: return nil
    case .file(let file): return file.content
    case .dataURL(let url):
      let parts = url.split(separator: ",", maxSplits: 1)
      guard parts.count == 2, parts[0].hasSuffix(";base64"), let data = Data(base64Encoded: String(parts[1])) else { throw Unreadable() }
      return Array(data)[...]
    }
  }

  /// A `data:` URL that is not in base64, or not well.
  struct Unreadable: Error {}
}
