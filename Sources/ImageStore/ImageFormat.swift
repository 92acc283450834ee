/// The file formats of images, and all properties that depend only on the format.
public enum ImageFormat: String, Sendable, Hashable, CaseIterable {
  case png, jpeg, webp, gif, svg

  /// The media type for `Content-Type`.
  public var mediaType: String { self == .svg ? "image/svg+xml" : "image/\(rawValue)" }

  /// The extension of a file name, such as in `/images/<id>.<extension>`; unique per format.
  public var fileExtension: String { self == .jpeg ? "jpg" : rawValue }

  /// Whether pixels can be transparent.
  public var hasAlpha: Bool { self != .jpeg }

  /// Whether a lower quality makes the file smaller.
  public var isCompressible: Bool { self == .jpeg || self == .webp }

  /// The format for a file extension, which is not case-sensitive: `jpg` and `jpeg` for JPEG.
  public init?(fileExtension: some StringProtocol) {
    let name = fileExtension.lowercased()
    guard let format = Self.allCases.first(where: { $0.rawValue == name || $0.fileExtension == name }) else { return nil }
    self = format
  }
}
