package import Answers

/// Keeps images for a limited time. Every process that uses the same store serves the images that any of them has stored.
///
/// A store answers at once or later, so that the caller's thread never waits for a network. `ImageStoreTests` has the suite that every
/// store must pass.
package protocol ImageStore: Sendable {
  /// The name of the kind of store in statistics: `memory`, `disk`.
  var kind: String { get }

  /// How long an image is served.
  var retention: Duration { get }

  /// The image with that ID; nil if there never was one, or if it was evicted or has expired.
  func image(for id: ImageID) -> StoreAnswer<StoredImage?>

  /// Stores an image. Once the ID is returned, every process serves it, even if this one ends.
  func insert(_ file: [UInt8], format: ImageFormat) -> StoreAnswer<ImageID>

  /// Stores an image that no client is going to ask for by itself, if that neither waits for anything nor takes the room of one that is asked for.
  ///
  /// - Returns: nil if it is not stored.
  func keep(_ file: [UInt8], format: ImageFormat) -> ImageID?

  /// Frees the memory of expired images, which are not served in any case. Call it every now and then, on a thread that may block.
  func sweep()

  var statistics: StoreStatistics { get }

  var health: StoreHealth { get }
}

/// A result of a store.
package typealias StoreAnswer<Value: Sendable> = Answer<Value, StoreError>

/// Whether a store can be used.
package enum StoreHealth: Sendable, Equatable {
  case ready
  /// For now, with the reason. The store recovers by itself.
  case unavailable(String)
  /// Permanently: a new process would use another store, so this one should end.
  case lost
}

/// An image, copied out of a store.
///
/// As a date, a time is `Date(timeIntervalSince1970: Double(image.expires) / 1e9)`.
public struct StoredImage: Sendable, Equatable {
  /// The file.
  public var bytes: [UInt8]
  /// The file's format, as it was stored.
  public var format: ImageFormat
  /// When it was stored, in nanoseconds since 1970 (UTC).
  public var created: Int64
  /// When it expires, in nanoseconds since 1970 (UTC).
  public var expires: Int64

  package init(bytes: [UInt8], format: ImageFormat, created: Int64, expires: Int64) {
    self.bytes = bytes
    self.format = format
    self.created = created
    self.expires = expires
  }
}

/// The reason that an operation of a store failed.
package enum StoreError: Error, Equatable {
  /// The image is larger than the whole store.
  case tooLarge(bytes: Int, capacity: Int)
  /// The store is full and configured to refuse images rather than evict old ones.
  case full(capacity: Int)
  /// Another process holds the store's lock and is not making progress.
  case busy
  /// The store's shared memory was removed while it was in use.
  case removed
  /// The store cannot be reached, with the reason.
  case unavailable(String)
  /// What keeps the images is full before the store is: the disk, with its path and the reason, or Redis.
  case noSpace(String)
}

extension StoreError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .tooLarge(let bytes, let capacity): "an image of \(bytes) bytes is larger than the whole store (\(capacity) bytes)"
    case .full(let capacity): "the image store is full (\(capacity) bytes)"
    case .busy: "another process holds the image store's lock and is not making progress"
    case .removed: "the image store's shared memory was removed"
    case .unavailable(let reason): "the image store is unavailable: \(reason)"
    case .noSpace(let reason): "there is no room for the image: \(reason)"
    }
  }
}
