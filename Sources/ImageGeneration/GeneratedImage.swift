public import ImageStore

/// How a generated image is returned.
public enum ResponseFormat: String, Sendable, Hashable, CaseIterable {
  /// As an entry of the store, which is served at `/images/<id>.png` (or with another format's extension).
  case url
  /// In the response itself.
  case base64 = "b64_json"
}

/// One generated image.
public enum GeneratedImage: Sendable, Equatable {
  /// The image is in the store under this id.
  case stored(ImageID)
  /// A file of the requested format, not stored.
  case file([UInt8])
}
