import ImageGeneration
import Synchronization

/// The decoded uploads of streams, between one event and the next: so that they are decoded once for all events, as long as there is room.
///
/// A stream may take ten minutes over its events, and thousands may go on at once. So there is room for the pixels of a few; a stream that
/// finds none decodes its uploads anew for each event, which costs time and no memory. It takes the place of those that have not needed
/// theirs for a while.
final class UploadShelf: Sendable {
  private struct Place {
    var uploads: SourceImages
    var lastUse: ContinuousClock.Instant
  }

  private let places = Mutex<[ObjectIdentifier: Place]>([:])
  private let byteLimit: Int
  /// After how long without use a place may be taken away.
  private let patience: Duration

  /// - Parameter byteLimit: of all pixels together.
  init(byteLimit: Int = 2 * 4 * SourceImages.mostPixels, patience: Duration = .seconds(1)) {
    (self.byteLimit, self.patience) = (byteLimit, patience)
  }

  /// Bytes of the pixels that lie here.
  var byteCount: Int { places.withLock { Self.byteCount($0) } }

  /// What lies there for a stream, or comes of `decode`.
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
    let now = ContinuousClock.now
    places.withLock { places in
      let idle = places.filter { $0.value.lastUse + patience < now }.sorted { $0.value.lastUse < $1.value.lastUse }
      for (other, _) in idle where Self.byteCount(places) + uploads.byteCount > byteLimit { places[other] = nil }
      guard Self.byteCount(places) + uploads.byteCount <= byteLimit else { return }
      places[stream] = Place(uploads: uploads, lastUse: now)
    }
  }

  private static func byteCount(_ places: [ObjectIdentifier: Place]) -> Int { places.values.reduce(0) { $0 + $1.uploads.byteCount } }
}

/// The uploads of one stream, whose place is free again when it ends.
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
