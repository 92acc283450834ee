/// The file format of a stored image. The raw value is in shared memory: never renumber.
package enum ContentType: UInt32, Sendable, CaseIterable {
  case png = 1
  case jpeg = 2
  case webp = 3
  case gif = 4
  case svg = 5

  /// The media type for `Content-Type`.
  package var mediaType: String {
    switch self {
    case .png: "image/png"
    case .jpeg: "image/jpeg"
    case .webp: "image/webp"
    case .gif: "image/gif"
    case .svg: "image/svg+xml"
    }
  }

  /// The extension in `/images/<id>.<extension>`. It is unique.
  package var fileExtension: String {
    switch self {
    case .png: "png"
    case .jpeg: "jpg"
    case .webp: "webp"
    case .gif: "gif"
    case .svg: "svg"
    }
  }
}
