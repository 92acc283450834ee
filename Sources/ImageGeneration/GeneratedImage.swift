public import ImageStore

/// Where a generated image is to be found.
public enum ResponseFormat: String, Sendable, Hashable, CaseIterable {
  /// In the store, from which `/images/<id>.png` (or another format's extension) is served.
  case url
  /// In the answer itself.
  case base64 = "b64_json"
}

/// One generated image.
public enum GeneratedImage: Sendable, Equatable {
  /// Kept in the store under this id.
  case stored(ImageID)
  /// A file of the format that was asked for, not kept.
  case file([UInt8])
}
