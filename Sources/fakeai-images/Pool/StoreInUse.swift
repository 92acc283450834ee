import ImageStore
import SharedMemory

/// The store that a new pool finds under its name while another pool uses it.
struct StoreInUse {
  private let name: String
  /// In bytes.
  let size: Int

  /// - Returns: nil if no process uses the store.
  /// - Throws: an error if the store has another size than a user has set. (One that is not in use is created again with the new size.)
  init?(_ settings: Settings) throws(CommandFailure) {
    name = settings.imageStoreName
    guard settings.imageStorageBackend == .memory, let use = Segment.use(of: SharedMemoryStore.segmentName(name)), use.isUsed else {
      return nil
    }
    size = use.size
    guard let asked = settings.imageStoreSize, use.size != SharedMemoryStore.segmentSize(asked) else { return }
    var found = settings
    found.imageStoreSize = use.size
    let (old, new) = (Setting.imageStoreSize.text(found), Setting.imageStoreSize.text(settings))
    throw CommandFailure(
      "the store \(name.debugDescription) is in use with a size of \(old), and FAKEAI_IMAGE_STORE_SIZE is \(new): use the same size or "
        + "another FAKEAI_IMAGE_STORE_NAME, or stop the other pool first")
  }

  /// The bytes of the store of that name, whether or not it is in use; nil if there is none.
  static func size(ofStore name: String) -> Int? { Segment.use(of: SharedMemoryStore.segmentName(name))?.size }

  /// What the pools share, and what each has for itself.
  var notice: String {
    "joining the store \(name.debugDescription), which is in use: images, counters and what is used of equal rate limits are shared; "
      + "rules, sessions and the request journal are this pool's own"
  }
}
