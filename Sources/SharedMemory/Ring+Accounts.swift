import Atomics
import CRingLayout

/// How the removed entries are counted: those that had expired apart from those that were evicted.
///
/// A reader that combined two numbers of which a writer has updated only one would see a count that falls a moment later, and to Prometheus a
/// counter that falls has restarted. Therefore a writer fills the account that is not valid, and then raises `first`, which makes it valid in
/// one step. Rings that were created before there were accounts have none for their `first`; they still have `expired`.
extension Ring {
  /// Raises `first` and counts the entries before it. The caller holds the lock.
  ///
  /// - Parameter expired: how many of them had expired; the others are evicted.
  func raiseFirst(to newFirst: UInt64, expired: UInt64) {
    let old = first.load(ordering: .relaxed)
    guard newFirst > old else { return }
    let evicted = evicted(before: old) &+ (newFirst - old - expired)
    let next = account(account(0).first.load(ordering: .relaxed) == old ? 1 : 0)
    if Mutant.raisesBeforeCounting.isOn { first.store(newFirst, ordering: .releasing) }
    next.evicted.store(evicted, ordering: .relaxed)
    crash(at: .removalHalfCounted)
    next.first.store(newFirst, ordering: .relaxed)
    first.store(newFirst, ordering: .releasing)
    // Orders the bytes that overwrite the removed entries after the raised number.
    atomicMemoryFence(ordering: .releasing)
    self.expired.wrappingIncrement(by: expired, ordering: .relaxed)
  }

  /// Counts the entries that have gone: those before `first`, and those that have expired by `now` but were not removed. Does not wait for a
  /// writer that was stopped.
  /// - Returns: the sequence number of the first entry that is not gone, and how many of those before it were evicted.
  func removals(now: Int64) -> (end: UInt64, evicted: UInt64) {
    var last: (end: UInt64, evicted: UInt64) = (0, 0)
    // An attempt fails only because a writer has made progress. It may then have overwritten what was read.
    for _ in 0..<100 {
      let first = first.load(ordering: .acquiring)
      last = (firstUnexpired(from: first, now: now), min(first, evicted(before: first)))
      atomicMemoryFence(ordering: .acquiring)
      if self.first.load(ordering: .relaxed) == first { break }
    }
    return last
  }

  private func evicted(before first: UInt64) -> UInt64 {
    for index in 0...1 {
      let account = account(index)
      if account.first.load(ordering: .relaxed) == first { return account.evicted.load(ordering: .relaxed) }
    }
    return first - min(first, expired.load(ordering: .relaxed))
  }
}
