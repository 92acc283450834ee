import SharedMemory

extension Figure where Subject == PoolSnapshot {
  /// The images and the shared memory that they are in. Counted since that memory was made.
  package static let store: [Figure] = [
    Figure("images", "IMAGES", .gauge, .count, "Live images in the store.") { Double($0.store.live) },
    Figure("used_bytes", "USED", .gauge, .bytes, "Bytes that the live images use.") { Double($0.store.bytesUsed) },
    Figure("free_bytes", "FREE", .gauge, .bytes, "Bytes available to new images without evicting others.") {
      Double($0.store.bytesTotal - $0.store.bytesUsed)
    },
    Figure("capacity_bytes", "SIZE", .gauge, .bytes, "Bytes that the store can hold.") { Double($0.store.bytesTotal) },
    Figure("capacity_images", nil, .gauge, .count, "Images that the index can hold.") { Double($0.store.slotsTotal) },
    Figure("oldest_age_seconds", "OLDEST", .gauge, .seconds, "Age of the oldest live image; absent if the store is empty.") { moment in
      moment.store.oldest.map(moment.age)
    },
    Figure("newest_age_seconds", "NEWEST", .gauge, .seconds, "Age of the newest live image; absent if the store is empty.") { moment in
      moment.store.newest.map(moment.age)
    },
    Figure("inserted", "INSERTED", .counter, .count, "Images stored.") { Double($0.store.inserted) },
    Figure("evicted", "EVICTED", .counter, .count, "Images removed before they expired, to make room.") { Double($0.store.evicted) },
    Figure("expired", "EXPIRED", .counter, .count, "Images removed because they had expired.") { Double($0.store.expired) },
    Figure("lock_owners_died", "DIED LOCKING", .counter, .count, "Processes that died with the store's lock; it was recovered each time.") {
      Double($0.store.lockOwnersDied)
    },
    Figure("reads_overtaken", "OVERTAKEN", .counter, .count, "Reads answered with 404 because the image was evicted while being copied.") {
      Double($0.store.readsOvertaken)
    },
  ]
}
