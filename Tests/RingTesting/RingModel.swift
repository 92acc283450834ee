package import SharedMemory

/// What a ring must do, said as simply as it can be: a list of which the old end is given up. No bytes, no positions, no processes.
package struct RingModel {
  package struct Entry: Hashable, BitwiseCopyable, Sendable {
    package var length: Int
    package var expires: Int64

    package init(length: Int, expires: Int64) {
      self.length = length
      self.expires = expires
    }
  }

  package let capacity: RingCapacity
  /// Every entry that ever was; the index is the sequence number.
  package private(set) var entries: [Entry] = []
  /// The oldest live entry, or the number of entries.
  package private(set) var first = 0
  /// How many of those that are gone had expired, as the one who dropped them saw it.
  package private(set) var expired = 0

  package init(capacity: RingCapacity) { self.capacity = capacity }

  package var live: ArraySlice<Entry> { entries[first...] }

  /// - Returns: the sequence number.
  package mutating func insert(_ entry: Entry, now: Int64, whenFull policy: RingFullPolicy) throws(RingError) -> Int {
    guard entry.length <= capacity.bytes else { throw .tooLarge(bytes: entry.length, capacity: capacity.bytes) }
    try makeRoom(for: entry.length, now: now, whenFull: policy)
    entries.append(entry)
    return entries.count - 1
  }

  /// What an insert has done when it is not done.
  package mutating func makeRoom(for length: Int, now: Int64, whenFull policy: RingFullPolicy) throws(RingError) {
    let expired = live.expired(by: now)
    let surplus = capacity.surplus(in: live, for: length)
    if policy == .refuse, surplus > expired { throw .full(capacity: capacity.bytes) }
    let gone = policy == .refuse ? expired : surplus
    self.expired += min(expired, gone)
    first += gone
  }

  /// - Returns: how many were dropped.
  package mutating func sweep(now: Int64) -> Int {
    let gone = live.expired(by: now)
    first += gone
    expired += gone
    return gone
  }

  package func statistics(now: Int64) -> (live: Int, bytesUsed: Int, evicted: Int, expired: Int) {
    let unswept = live.expired(by: now)
    let counted = live.dropFirst(unswept)
    return (counted.count, counted.reduce(0) { $0 + $1.length }, first - expired, expired + unswept)
  }
}
