import SharedMemory

extension Figure where Subject == PoolSnapshot {
  /// The images and the shared memory that they are in. Counted since that memory was made.
  package static let store: [Figure] = [
    Figure("images", "IMAGES", .gauge, .count, "Images that are live.") { Double($0.store.live) },
    Figure("used_bytes", "USED", .gauge, .bytes, "Bytes of the live images.") { Double($0.store.bytesUsed) },
    Figure("free_bytes", "FREE", .gauge, .bytes, "Bytes that new images find without an eviction.") {
      Double($0.store.bytesTotal - $0.store.bytesUsed)
    },
    Figure("capacity_bytes", "SIZE", .gauge, .bytes, "Bytes that images can take together.") { Double($0.store.bytesTotal) },
    Figure("capacity_images", nil, .gauge, .count, "Images that the index has room for.") { Double($0.store.slotsTotal) },
    Figure("oldest_age_seconds", "OLDEST", .gauge, .seconds, "Age of the oldest live image; absent where there is none.") { moment in
      moment.store.oldest.map(moment.age)
    },
    Figure("newest_age_seconds", "NEWEST", .gauge, .seconds, "Age of the newest live image; absent where there is none.") { moment in
      moment.store.newest.map(moment.age)
    },
    Figure("inserted", "INSERTED", .counter, .count, "Images stored.") { Double($0.store.inserted) },
    Figure("evicted", "EVICTED", .counter, .count, "Images that gave up their room before their time.") { Double($0.store.evicted) },
    Figure("expired", "EXPIRED", .counter, .count, "Images whose time was over.") { Double($0.store.expired) },
    Figure("lock_owners_died", "DIED LOCKING", .counter, .count, "Processes that died with the store's lock; it was taken over each time.")
    {
      Double($0.store.lockOwnersDied)
    },
    Figure("reads_overtaken", "OVERTAKEN", .counter, .count, "Reads of an image that was evicted while it was copied, answered with 404.") {
      Double($0.store.readsOvertaken)
    },
  ]
}
