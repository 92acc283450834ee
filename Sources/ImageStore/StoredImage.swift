/// An image, copied out of the store.
package struct StoredImage: Sendable, Equatable {
  package var bytes: [UInt8]
  package var contentType: ContentType
  /// Nanoseconds since 1970.
  package var created: Int64
  package var expires: Int64
}
