import ImageGeneration
import Synchronization
import SystemCalls

/// Keeps the decoded uploads of streams between events, so that they are decoded only once per stream as long as there is memory.
///
/// A stream may spread its events over ten minutes, and thousands may run at once. The memory is therefore limited to the pixels of a few
/// streams. A stream that gets none decodes its uploads again for each event, which costs time but no memory. A new stream replaces those
/// that have not used their pixels for a while.
final class UploadShelf: Sendable {
  private struct Place {
    var uploads: SourceImages
    var lastUse: Instant
  }

  private let places = Mutex<[ObjectIdentifier: Place]>([:])
  private let byteLimit: Int
  /// Idle time after which an entry may be replaced.
  private let patience: Duration

  /// - Parameter byteLimit: bytes of all pixels together.
  init(byteLimit: Int = 2 * 4 * SourceImages.mostPixels, patience: Duration = .seconds(1)) {
    (self.byteLimit, self.patience) = (byteLimit, patience)
  }

  /// Bytes of the pixels that are kept.
  var byteCount: Int { places.withLock { Self.byteCount($0) } }

  /// The pixels kept for a stream, or the result of `decode`.
  fileprivate func uploads(of stream: ObjectIdentifier, decode: () throws(APIError) -> SourceImages) throws(APIError) -> SourceImages {
    if let found = places.withLock({ Self.use(stream, &$0) }) { return found }
    let uploads = try decode()
    if uploads.byteCount > 0 { keep(uploads, of: stream) }
    return uploads
  }

  fileprivate func remove(_ stream: ObjectIdentifier) { places.withLock { _ = $0.removeValue(forKey: stream) } }

  private static func use(_ stream: ObjectIdentifier, _ places: inout [ObjectIdentifier: Place]) -> SourceImages? {
    places[stream]?.lastUse = .now
    return places[stream]?.uploads
  }

  private func keep(_ uploads: SourceImages, of stream: ObjectIdentifier) {
    let now = Instant.now
    places.withLock { places in
      let idle = places.filter { $0.value.lastUse + patience < now }.sorted { $0.value.lastUse < $1.value.lastUse }
      for (other, _) in idle where Self.byteCount(places) + uploads.byteCount > byteLimit { places[other] = nil }
      guard Self.byteCount(places) + uploads.byteCount <= byteLimit else { return }
      places[stream] = Place(uploads: uploads, lastUse: now)
    }
  }

  private static func byteCount(_ places: [ObjectIdentifier: Place]) -> Int { places.values.reduce(0) { $0 + $1.uploads.byteCount } }
}

/// The uploads of one stream. Their memory is freed when the stream ends.
final class StreamedUploads: Sendable {
  private let shelf: UploadShelf
  private let decode: @Sendable () throws(APIError) -> SourceImages

  init(on shelf: UploadShelf, decode: @escaping @Sendable () throws(APIError) -> SourceImages) {
    (self.shelf, self.decode) = (shelf, decode)
  }

  deinit { shelf.remove(ObjectIdentifier(self)) }

  /// The pixels, for one event.
  func pixels() throws(APIError) -> SourceImages { try shelf.uploads(of: ObjectIdentifier(self), decode: decode) }
}
