package import SharedMemory
import Synchronization
package import SystemCalls

// The last requests, in a ring of their own in shared memory, so that any worker tells what all of them were asked.
//
// An entry is a JSON object as text, and beside it the facts that it can be found by. Its sequence number counts all that was ever recorded;
// a worker that is killed leaves whole entries only, as `Ring` explains. Entries never expire, so a sweep at the end of time clears it.
//
// Nobody waits for the journal: where its lock is not to be had for 50 ms, its owner is most likely stopped, and then entries are dropped
// for a second before it is tried again.

/// The journal of requests that the workers of a pool keep together.
package final class Journal: Sendable {
  private let ring: Ring
  private let size: Int
  private let tail: JournalTail
  private let clock: WallClock
  /// Nanoseconds since 1970 until when nothing is recorded.
  private let pausedUntil = Atomic<Int64>(0)

  /// Bytes of the longest entry. Together with its facts it is small enough for as many as ``size`` to have room for certain.
  package static let longestEntry = 3200
  package static let largestSize = 10_000
  private static let pageSize = 4096
  private static let patience: UInt32 = 50  // milliseconds
  private static let pause = WallClock.nanosecondsPerSecond

  /// Opens the journal of a pool.
  ///
  /// - Parameter size: how many of the last requests are told, up to ``largestSize``. A journal of each size is one of its own.
  package init(of pool: PoolMemory, size: Int, clock: WallClock = .system) throws(SegmentError) {
    // A page each: 4096 bytes less an index entry for every 2048 leave 3840. The four more are for the header and for rounding.
    let bytes = (size + 4) * Self.pageSize
    ring = try Ring(name: pool.journal(size: size), size: bytes, patience: Self.patience)
    tail = JournalTail(from: ring.liveSequences.upperBound)
    self.size = size
    self.clock = clock
  }

  /// Takes an entry.
  ///
  /// - Parameter text: a JSON object of at most ``longestEntry`` bytes.
  /// - Returns: false where it was dropped.
  package func record(_ text: String, facts: [JournalField: String]) -> Bool {
    let now = clock.now()
    guard text.utf8.count <= Self.longestEntry, pausedUntil.load(ordering: .relaxed) <= now else { return false }
    do {
      _ = try ring.insert(
        Array(text.utf8), metadata: JournalFacts(facts).bytes, created: now, expires: .max, whenFull: .evictOldest
      ) { RingKey(high: $0, low: 0) }
      return true
    } catch {
      if error == .lockTimedOut { pausedUntil.store(now + Self.pause, ordering: .relaxed) }
      return false
    }
  }

  /// The sequence number that the next request will get.
  package var next: UInt64 { ring.liveSequences.upperBound }

  /// Finds entries.
  ///
  /// - Parameters:
  ///   - wanted: the values that they must have.
  ///   - since: the first sequence number that is of interest; nil: the last `limit` that match.
  package func page(_ wanted: [JournalField: String] = [:], since: UInt64? = nil, limit: Int) -> JournalPage {
    let wanted = JournalFilter(wanted)
    let live = ring.liveSequences
    let oldest = max(live.lowerBound, live.upperBound - min(live.upperBound, UInt64(size)))
    guard let since else {
      let entries = (oldest..<live.upperBound).reversed().lazy.compactMap { self.entry($0, wanted) }.prefix(limit)
      return JournalPage(entries: entries.reversed(), next: live.upperBound)
    }
    return page(wanted, from: max(oldest, since), limit: limit)
  }

  /// Finds what has come since a sequence number: ``page(_:since:limit:)`` for a client that waits, which asks again and again.
  ///
  /// - Returns: nil if nothing has come that matches; then `since` has become the number to ask from next.
  package func news(_ wanted: JournalFilter, since: inout UInt64, limit: Int) -> JournalPage? {
    let next = next
    guard next > since else { return nil }
    guard
      let entries = tail.entries(
        from: since, to: next, limit: limit + 1, where: { JournalFacts.match($0.facts.span, wanted) },
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
      next: since)
  }

  /// Forgets all entries. Sequence numbers go on.
  /// - Returns: whether the lock was to be had.
  package func clear() -> Bool { ring.sweep(now: .max) != nil }

  /// Whether somebody removed or damaged the shared memory, so that new workers would not meet us here.
  package var isRemoved: Bool { ring.hasLostSharedMemory }

  private func page(_ wanted: JournalFilter, from start: UInt64, limit: Int) -> JournalPage {
    let live = ring.liveSequences
    var page = JournalPage(entries: [], next: live.upperBound)
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
    // Most entries are passed over, which must not cost a copy and a checksum of each: there may be 10,000 of them.
    guard ring.withMetadata(of: sequence, { JournalFacts.match($0, wanted) }) == true,
      let entry = ring.entry(sequence, key: RingKey(high: sequence, low: 0)), JournalFacts.match(entry.metadata.span, wanted)
    else { return nil }
    return JournalPage.Entry(sequence: sequence, text: String(decoding: entry.bytes, as: UTF8.self))
  }
}
