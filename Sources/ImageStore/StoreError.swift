package import SharedMemory

/// Why an image was not stored.
public enum StoreError: Error, Equatable {
  /// The image is larger than the whole store.
  case tooLarge(bytes: Int, capacity: Int)
  /// The store is full and set to refuse rather than evict.
  case full(capacity: Int)
  /// Another process holds the store's lock and does not move on.
  case busy
  /// The store's shared memory was removed while it was in use.
  case removed
}

extension StoreError {
  package init(_ error: RingError) {
    self =
      switch error {
      case .tooLarge(let bytes, let capacity): .tooLarge(bytes: bytes, capacity: capacity)
      case .full(let capacity): .full(capacity: capacity)
      case .lockTimedOut: .busy
      case .unlinked: .removed
      }
  }
}

extension StoreError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .tooLarge(let bytes, let capacity):
      "an image of \(bytes) bytes is larger than the whole store (\(capacity) bytes); increase FAKEAI_IMAGE_STORE_SIZE"
    case .full(let capacity):
      "the image store is full (\(capacity) bytes) and FAKEAI_IMAGE_STORE_FULL is refuse"
    case .busy: "another process holds the image store's lock and is not making progress"
    case .removed: "the image store's shared memory was removed"
    }
  }
}
