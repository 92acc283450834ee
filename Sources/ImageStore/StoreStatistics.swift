/// What a store holds, and what became of the rest. Read without a lock, so that its figures may be an insertion apart.
///
/// Nil: a figure that this kind of store does not have.
package struct StoreStatistics: Equatable, Sendable {
  /// Images that can be fetched.
  package var images: Int
  /// Bytes of those images.
  package var bytesUsed: Int
  /// Bytes that images can take together.
  package var bytesCapacity: Int?
  /// Images that the index has room for.
  package var imageCapacity: Int?
  /// Nanoseconds since 1970 at which the oldest and the newest of those images were made; nil without an image.
  package var oldest: Int64?
  package var newest: Int64?
  /// Since the store was made.
  package var inserted: UInt64
  package var evicted: UInt64
  package var expired: UInt64
  /// Processes that died with the store's lock.
  package var lockOwnersDied: UInt64?
  /// Reads of an image that was evicted while it was copied.
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
