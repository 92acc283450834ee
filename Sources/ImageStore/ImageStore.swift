import Dispatch

/// Where images are kept for a while. Every process that uses the same store serves what any of them has stored.
///
/// A store answers at once or later: a network is never waited for on the thread that asks. `ImageStoreTests` has the suite that every store
/// must pass.
package protocol ImageStore: Sendable {
  /// As statistics name it: `memory`.
  var kind: String { get }

  /// For how long an image is served.
  var retention: Duration { get }

  /// The image of that id; nil if there never was one, or if it was evicted or has expired.
  func image(for id: ImageID) -> StoreAnswer<StoredImage?>

  /// Stores an image. Once the id is returned, every process serves it, whatever becomes of this one.
  func insert(_ file: [UInt8], format: ImageFormat) -> StoreAnswer<ImageID>

  /// Frees the room of images that have expired, which are not served even without it. To be called now and then, on a thread that may wait.
  func sweep()

  var statistics: StoreStatistics { get }

  var health: StoreHealth { get }
}

/// What a store answers: at once, or later on a thread of its own.
package enum StoreAnswer<Value: Sendable>: Sendable {
  case ready(Result<Value, StoreError>)
  /// - Parameter receive: called once, on any thread.
  case pending(@Sendable (_ receive: @escaping @Sendable (Result<Value, StoreError>) -> Void) -> Void)
}

/// Whether a store can be used.
package enum StoreHealth: Sendable, Equatable {
  case ready
  /// For now, for this reason. It recovers by itself.
  case unavailable(String)
  /// For good: a new process would use another store, so this one should end.
  case lost
}

/// An image, copied out of a store.
public struct StoredImage: Sendable, Equatable {
  public var bytes: [UInt8]
  public var format: ImageFormat
  /// When it was stored, in nanoseconds since 1970.
  public var created: Int64
  /// From when on it is not served any more, in nanoseconds since 1970.
  public var expires: Int64

  package init(bytes: [UInt8], format: ImageFormat, created: Int64, expires: Int64) {
    self.bytes = bytes
    self.format = format
    self.created = created
    self.expires = expires
  }
}

/// Why a store could not do what it was asked for.
package enum StoreError: Error, Equatable {
  /// The image is larger than the whole store.
  case tooLarge(bytes: Int, capacity: Int)
  /// The store is full and set to refuse rather than evict.
  case full(capacity: Int)
  /// Another process holds the store's lock and does not move on.
  case busy
  /// The store's shared memory was removed while it was in use.
  case removed
  /// It cannot be reached, for this reason.
  case unavailable(String)
}

extension StoreError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .tooLarge(let bytes, let capacity): "an image of \(bytes) bytes is larger than the whole store (\(capacity) bytes)"
    case .full(let capacity): "the image store is full (\(capacity) bytes)"
    case .busy: "another process holds the image store's lock and is not making progress"
    case .removed: "the image store's shared memory was removed"
    case .unavailable(let reason): "the image store is unavailable: \(reason)"
    }
  }
}

extension StoreAnswer {
  /// Waits for the answer, on a thread that may wait.
  package func wait() throws(StoreError) -> Value {
    switch self {
    case .ready(let result): return try result.get()
    case .pending(let start):
      let received = Received<Value>()
      start { received.set($0) }
      return try received.wait().get()
    }
  }
}

/// One answer, handed from one thread to another.
private final class Received<Value: Sendable>: @unchecked Sendable {
  // Written before the semaphore is signalled, read after it was waited for.
  private var result: Result<Value, StoreError>?
  private let semaphore = DispatchSemaphore(value: 0)

  func set(_ result: Result<Value, StoreError>) {
    self.result = result
    semaphore.signal()
  }

  func wait() -> Result<Value, StoreError> {
    semaphore.wait()
    return result!
  }
}
