/// The file formats of images. All that depends on the format alone is here.
public enum ImageFormat: String, Sendable, Hashable, CaseIterable {
  case png, jpeg, webp, gif, svg

  /// The media type for `Content-Type`.
  public var mediaType: String { self == .svg ? "image/svg+xml" : "image/\(rawValue)" }

  /// What follows the dot in a file's name, such as `/images/<id>.<extension>`; no two have the same.
  public var fileExtension: String { self == .jpeg ? "jpg" : rawValue }

  /// Whether pixels may be transparent.
  public var hasAlpha: Bool { self != .jpeg }

  /// Whether fewer bytes can be had for an image that is less exact.
  public var isCompressible: Bool { self == .jpeg || self == .webp }

  /// The format that a file's extension stands for, in any case: `jpg` and `jpeg` for JPEG.
  public init?(fileExtension: some StringProtocol) {
    let name = fileExtension.lowercased()
    guard let format = Self.allCases.first(where: { $0.rawValue == name || $0.fileExtension == name }) else { return nil }
    self = format
  }
}
