package import SharedMemory
import Synchronization
package import SystemCalls

// The latest requests, in a ring of their own in shared memory, so that every worker can report the requests to all of them.
//
// An entry is a JSON object as text, with the facts that it can be found by. Its sequence number counts all requests that were ever
// recorded. A worker that is killed leaves only complete entries, as `Ring` explains. Entries never expire, so a sweep at the end of time
// clears the ring. Single entries are removed by their tag, and keep their room until they are evicted.
//
// A request never waits long for the journal: if its lock is not available within 50 ms, the owner is most likely stopped. Then entries are
// dropped for a second before the next attempt.

/// The journal of requests that the workers of a pool share.
package final class Journal: Sendable {
  private let ring: Ring
  private let size: Int
  private let tail: JournalTail
  private let clock: WallClock
  /// Nothing is recorded before this time, in nanoseconds since 1970.
  private let pausedUntil = Atomic<Int64>(0)

  /// Bytes of the longest entry. With its facts it is small enough to guarantee memory for ``size`` entries.
  package static let longestEntry = 3130
  package static let largestSize = 10_000
  private static let pageSize = 4096
  /// The tag of an entry that was removed; that of others is 0.
  private static let removed: UInt32 = 1
  private static let patience: UInt32 = 50  // milliseconds
  private static let pause = WallClock.nanosecondsPerSecond

  /// Opens the journal of a pool.
  ///
  /// - Parameter size: the number of latest requests to keep, up to ``largestSize``. Each size has a journal of its own.
  package init(of pool: PoolMemory, size: Int, clock: WallClock = .system) throws(SegmentError) {
    ring = try Ring(name: pool.journal(size: size), size: Self.segmentSize(size), patience: Self.patience)
    tail = JournalTail(from: ring.liveSequences.upperBound)
    self.size = size
    self.clock = clock
  }

  /// The bytes of shared memory of a journal with that number of entries.
  ///
  /// One page per entry: 4096 bytes less an index entry per 2048 leave 3840. The four extra pages are for the header and for rounding.
  package static func segmentSize(_ size: Int) -> Int { (size + 4) * pageSize }

  /// Records an entry.
  ///
  /// - Parameter text: a JSON object of at most ``longestEntry`` bytes.
  /// - Returns: false if the entry was dropped.
  package func record(_ text: String, facts: JournalFacts) -> Bool {
    let now = clock.now()
    guard text.utf8.count <= Self.longestEntry, pausedUntil.load(ordering: .relaxed) <= now else { return false }
    do {
      _ = try ring.insert(
        Array(text.utf8), metadata: facts.bytes, created: now, expires: .max, whenFull: .evictOldest
      ) { RingKey(high: $0, low: 0) }
      return true
    } catch {
      if error == .lockTimedOut { pausedUntil.store(now + Self.pause, ordering: .relaxed) }
      return false
    }
  }

  /// The sequence number of the oldest request that is kept. Earlier entries have made room for later ones, or were cleared.
  package var oldest: UInt64 { kept(ring.liveSequences) }

  /// The sequence number of the next request.
  package var next: UInt64 { ring.liveSequences.upperBound }

  /// Finds entries.
  ///
  /// - Parameters:
  ///   - wanted: the values that the entries must have.
  ///   - since: the first sequence number to include; nil selects the last `limit` entries that match.
  package func page(_ wanted: JournalFilter = JournalFilter(), since: UInt64? = nil, limit: Int) -> JournalPage {
    let live = ring.liveSequences
    let oldest = kept(live)
    guard let since else {
      let entries = (oldest..<live.upperBound).reversed().lazy.compactMap { self.entry($0, wanted) }.prefix(limit)
      return JournalPage(entries: entries.reversed(), oldest: oldest, next: live.upperBound)
    }
    return page(wanted, from: max(oldest, since), limit: limit)
  }

  /// Finds entries from a sequence number on: ``page(_:since:limit:)`` for a client that waits and polls repeatedly.
  ///
  /// - Returns: nil if there is no new entry that matches; then `since` is updated to the sequence number to continue from.
  package func news(_ wanted: JournalFilter, since: inout UInt64, limit: Int) -> JournalPage? {
    let next = next
    guard next > since else { return nil }
    guard
      let entries = tail.entries(
        from: since, to: next, limit: limit + 1,
        // It may have been removed since it was read.
        where: { JournalFacts.match($0.facts.span, wanted) && ring.tag(of: $0.sequence) != Self.removed },
        read: { sequence in
          ring.entry(sequence, key: RingKey(high: sequence, low: 0)).map {
            JournalTail.Entry(sequence: sequence, facts: $0.metadata, text: $0.bytes)
          }
        })
    else {
      let page = self.page(wanted, from: since, limit: limit)
      since = page.next
      return page.entries.isEmpty ? nil : page
    }
    since = entries.count > limit ? entries[limit].sequence : next
    guard !entries.isEmpty else { return nil }
    return JournalPage(
      entries: entries.prefix(limit).map { JournalPage.Entry(sequence: $0.sequence, text: String(decoding: $0.text, as: UTF8.self)) },
      oldest: oldest, next: since)
  }

  /// Removes the entries that have all of those values. Sequence numbers continue.
  /// - Returns: how many were removed; nil if the lock was not available.
  package func clear(_ wanted: [JournalField: String] = [:]) -> Int? {
    let filter = JournalFilter(wanted)
    let count = ring.retag(Self.removed) { $0 != Self.removed && JournalFacts.match($1, filter) }
    guard count != nil, wanted.isEmpty else { return count }
    return ring.sweep(now: .max) == nil ? nil : count
  }

  /// Whether the shared memory was removed or damaged, so that new workers would use another journal.
  package var isRemoved: Bool { ring.hasLostSharedMemory }

  /// The ring may have room for more entries than the journal should keep.
  private func kept(_ live: Range<UInt64>) -> UInt64 { max(live.lowerBound, live.upperBound - min(live.upperBound, UInt64(size))) }

  private func page(_ wanted: JournalFilter, from start: UInt64, limit: Int) -> JournalPage {
    let live = ring.liveSequences
    var page = JournalPage(entries: [], oldest: kept(live), next: live.upperBound)
    for sequence in min(max(live.lowerBound, start), live.upperBound)..<live.upperBound {
      guard let entry = entry(sequence, wanted) else { continue }
      if page.entries.count == limit {
        page.next = sequence
        break
      }
      page.entries.append(entry)
    }
    return page
  }

  private func entry(_ sequence: UInt64, _ wanted: JournalFilter) -> JournalPage.Entry? {
    // Most entries do not match. Skipping one must not cost a copy and a checksum, because there may be 10,000 of them.
    guard ring.withMetadata(of: sequence, { JournalFacts.match($0, wanted) }) == true,
      let entry = ring.entry(sequence, key: RingKey(high: sequence, low: 0)), entry.tag != Self.removed,
      JournalFacts.match(entry.metadata.span, wanted)
    else { return nil }
    return JournalPage.Entry(sequence: sequence, text: String(decoding: entry.bytes, as: UTF8.self))
  }
}
