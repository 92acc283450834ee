/// What names an entry beside its sequence number. Readers must present all of it.
package struct RingKey: Hashable, Sendable {
  package var high: UInt64
  package var low: UInt64

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }
}

/// One entry, copied out.
package struct RingEntry: Equatable, Sendable {
  package var key: RingKey
  /// Whatever kind number the writer gave it.
  package var tag: UInt32
  /// Nanoseconds since 1970.
  package var created: Int64
  package var expires: Int64
  package var bytes: [UInt8]
  package var metadata: [UInt8]
}

/// What becomes of the oldest entry when there is no room.
package enum RingFullPolicy: Sendable {
  case evictOldest, refuse
}

/// Why an entry was not taken.
package enum RingError: Error, Equatable {
  /// It is larger than the ring could ever hold.
  case tooLarge(bytes: Int, capacity: Int)
  /// There is no room, and the oldest entry must not go.
  case full(capacity: Int)
  /// The lock's owner is stopped.
  case lockTimedOut
  /// The ring's name was removed; what is put here, nobody will find.
  case unlinked
}
