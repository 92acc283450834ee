package import SystemCalls

/// A store whose images are files, which the kernel can send.
package protocol FileStore: ImageStore {
  /// The image with that ID; nil if there never was one, or if it was evicted or has expired.
  ///
  /// - Parameter limit: how many bytes are worth reading. Of a longer image, the result is the file.
  func content(of id: ImageID, upTo limit: Int) throws(StoreError) -> StoredContent?
}

package enum StoredContent: Sendable {
  case image(StoredImage)
  case file(StoredFile)
}

/// An image that is a file.
package struct StoredFile: Sendable, Equatable {
  package var opened: OpenFile
  /// Bytes of the file.
  package var length: Int
  package var format: ImageFormat
  /// When it was stored, in nanoseconds since 1970 (UTC).
  package var created: Int64
  /// When it expires, in nanoseconds since 1970 (UTC).
  package var expires: Int64
}
