package import ImageStore

/// The file format of an image and its parameters.
public enum ImageFormat: String, Sendable, Hashable, CaseIterable {
  case png, jpeg, webp, gif, svg

  /// Whether pixels may be transparent.
  public var hasAlpha: Bool { self != .jpeg }

  /// Whether fewer bytes can be had for a picture that is less exact.
  public var isCompressible: Bool { self == .jpeg || self == .webp }

  /// The format that a file's extension stands for, in any case.
  public init?(fileExtension: some StringProtocol) {
    let name = fileExtension.lowercased()
    guard let format = Self.allCases.first(where: { $0.rawValue == name || $0.contentType.fileExtension == name }) else { return nil }
    self = format
  }

  /// As it stands in the store.
  package var contentType: ContentType {
    switch self {
    case .png: .png
    case .jpeg: .jpeg
    case .webp: .webp
    case .gif: .gif
    case .svg: .svg
    }
  }
}
