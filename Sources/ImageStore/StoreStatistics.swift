/// The content of a store, and the counts of removed images. Read without a lock, so the numbers may be one insertion apart.
///
/// A number is nil if this kind of store does not have it.
package struct StoreStatistics: Equatable, Sendable {
  /// Images that can be fetched.
  package var images: Int
  /// Bytes of those images.
  package var bytesUsed: Int
  /// Bytes that the store can hold.
  package var bytesCapacity: Int?
  /// Images that the index can hold.
  package var imageCapacity: Int?
  /// The creation times of the oldest and the newest of those images, in nanoseconds since 1970; nil without an image.
  package var oldest: Int64?
  package var newest: Int64?
  /// Counted since the store was created.
  package var inserted: UInt64
  package var evicted: UInt64
  package var expired: UInt64
  /// Processes that died while they held the store's lock.
  package var lockOwnersDied: UInt64?
  /// Reads that failed because the image was evicted while being copied.
  package var readsOvertaken: UInt64?

  package init(
    images: Int, bytesUsed: Int, bytesCapacity: Int? = nil, imageCapacity: Int? = nil, oldest: Int64? = nil, newest: Int64? = nil,
    inserted: UInt64, evicted: UInt64, expired: UInt64, lockOwnersDied: UInt64? = nil, readsOvertaken: UInt64? = nil
  ) {
    self.images = images
    self.bytesUsed = bytesUsed
    self.bytesCapacity = bytesCapacity
    self.imageCapacity = imageCapacity
    self.oldest = oldest
    self.newest = newest
    self.inserted = inserted
    self.evicted = evicted
    self.expired = expired
    self.lockOwnersDied = lockOwnersDied
    self.readsOvertaken = readsOvertaken
  }
}
