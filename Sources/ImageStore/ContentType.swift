/// What kind of file a stored image is. The raw value stands in shared memory: never renumber.
package enum ContentType: UInt32, Sendable, CaseIterable {
  case png = 1

  /// The media type for `Content-Type`.
  package var mediaType: String {
    switch self {
    case .png: "image/png"
    }
  }

  /// What follows the dot in `/images/<id>.<extension>`.
  package var fileExtension: String {
    switch self {
    case .png: "png"
    }
  }
}
