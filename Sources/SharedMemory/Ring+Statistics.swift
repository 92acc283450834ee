import Atomics
import CRingLayout

/// The content of a ring, and the counts of the entries that were removed. Read without the lock, so the numbers may be one insert apart.
package struct RingStatistics: Equatable, Sendable {
  package var live: Int
  package var bytesUsed: Int
  package var bytesTotal: Int
  package var slotsTotal: Int
  package var inserted: UInt64
  package var evicted: UInt64
  package var expired: UInt64
  package var lockOwnersDied: UInt64
  package var readsOvertaken: UInt64
  /// The creation times of the oldest and the newest live entry, in nanoseconds since 1970; nil if the ring is empty.
  package var oldest: Int64?
  package var newest: Int64?

  package init(
    live: Int, bytesUsed: Int, bytesTotal: Int, slotsTotal: Int, inserted: UInt64, evicted: UInt64, expired: UInt64,
    lockOwnersDied: UInt64, readsOvertaken: UInt64, oldest: Int64?, newest: Int64?
  ) {
    self.live = live
    self.bytesUsed = bytesUsed
    self.bytesTotal = bytesTotal
    self.slotsTotal = slotsTotal
    self.inserted = inserted
    self.evicted = evicted
    self.expired = expired
    self.lockOwnersDied = lockOwnersDied
    self.readsOvertaken = readsOvertaken
    self.oldest = oldest
    self.newest = newest
  }
}

extension Ring {
  /// The sequence numbers of the live entries. Earlier entries have been evicted or have expired.
  package var liveSequences: Range<UInt64> {
    guard isSound else { return 0..<0 }
    let next = next.load(ordering: .acquiring)
    return min(first.load(ordering: .acquiring), next)..<next
  }

  /// - Parameter now: entries that have expired by then do not count, whether they were swept or not.
  package func statistics(now: Int64) -> RingStatistics {
    let (first, evicted) = isSound ? removals(now: now) : (0, 0)
    let next = max(liveSequences.upperBound, first)
    let isEmpty = first >= next
    let used = isEmpty ? 0 : end(before: next) &- (unsafe slot(first).pointee.position)
    return RingStatistics(
      live: isEmpty ? 0 : Int(next - first), bytesUsed: Int(min(used, UInt64(shape.dataSize))), bytesTotal: shape.dataSize,
      slotsTotal: shape.slotCount, inserted: next, evicted: evicted, expired: first - evicted,
      lockOwnersDied: load(lockOwnersDied), readsOvertaken: load(readsOvertaken),
      oldest: isEmpty ? nil : unsafe slot(first).pointee.created, newest: isEmpty ? nil : unsafe slot(next - 1).pointee.created)
  }

  private func load(_ word: UnsafeAtomic<UInt64>) -> UInt64 { word.load(ordering: .relaxed) }
}
