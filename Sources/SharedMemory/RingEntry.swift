/// The part of an entry's identity besides its sequence number. Readers must present all of it.
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
  /// A number for the kind of entry, chosen by the writer.
  package var tag: UInt32
  /// Nanoseconds since 1970.
  package var created: Int64
  package var expires: Int64
  package var bytes: [UInt8]
  package var metadata: [UInt8]
}

/// What happens to the oldest entry if the ring is full.
package enum RingFullPolicy: Sendable {
  case evictOldest, refuse
}

/// Why an entry was not inserted.
package enum RingError: Error, Equatable {
  /// The entry is larger than the ring's capacity.
  case tooLarge(bytes: Int, capacity: Int)
  /// The ring is full, and the oldest entry must not be evicted.
  case full(capacity: Int)
  /// The lock's owner is stopped.
  case lockTimedOut
  /// The ring's name was removed, so nobody would find the entry.
  case unlinked
}
