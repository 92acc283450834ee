import ImageStore
import SharedMemory

/// The store that a new pool finds under its name while another pool uses it.
struct StoreInUse {
  private let name: String

  /// - Returns: nil if no process uses the store.
  /// - Throws: an error if the store has another size than the settings ask for. (One that is not in use is created again with the new size.)
  init?(_ settings: Settings) throws(CommandFailure) {
    name = settings.imageStoreName
    guard settings.imageStorageBackend == .memory, let use = Segment.use(of: SharedMemoryStore.segmentName(name)), use.isUsed else {
      return nil
    }
    var found = settings
    found.imageStoreSize = use.size
    guard use.size == SharedMemoryStore.segmentSize(settings.imageStoreSize) else {
      let (old, new) = (Setting.imageStoreSize.text(found), Setting.imageStoreSize.text(settings))
      throw CommandFailure(
        "the store \(name.debugDescription) is in use with a size of \(old), and FAKEAI_IMAGE_STORE_SIZE is \(new): use the same size or "
          + "another FAKEAI_IMAGE_STORE_NAME, or stop the other pool first")
    }
  }

  /// What the pools share, and what each has for itself.
  var notice: String {
    "joining the store \(name.debugDescription), which is in use: images, counters and what is used of equal rate limits are shared; "
      + "rules, sessions and the request journal are this pool's own"
  }
}
