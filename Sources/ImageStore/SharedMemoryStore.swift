package import SharedMemory
import Synchronization
package import SystemCalls

/// A store of images with a limited lifetime, in a ring in shared memory: every process serves what any process stores.
///
/// Expiry is checked when an image is read; ``sweep()`` only frees the memory of expired images.
package final class SharedMemoryStore: Sendable {
  private let ring: Ring
  private let retention: Int64
  private let whenFull: RingFullPolicy
  private let clock: WallClock
  /// When an insertion last timed out on the lock, in nanoseconds since 1970; the minimum means never.
  private let heldUpSince = Atomic(Int64.min)

  /// How long after that no other insertion waits for the lock: as long as `Retry-After` asks a rejected client to wait.
  private static let heldUpPause = WallClock.nanosecondsPerSecond

  /// How long an image is served, in hours.
  package let retentionHours: Double

  /// Opens the store of that name, and creates it if it does not exist. Fails if others use it on conflicting terms, see ``StoreTerms``.
  ///
  /// - Parameters:
  ///   - size: bytes of shared memory; rounded down to a multiple of the page size.
  ///   - retentionHours: how long an image is served.
  ///   - evictsWhenFull: whether a full store evicts its oldest image for a new one, or refuses the new one.
  package init(
    name: String, size: Int, retentionHours: Double, evictsWhenFull: Bool = true, create: Bool = true, clock: WallClock = .system
  ) throws(SegmentError) {
    ring = try Ring(name: Self.segmentName(name), size: size & ~4095, create: create)
    self.retentionHours = retentionHours
    retention = Int64(retentionHours * 3600 * Double(WallClock.nanosecondsPerSecond))
    whenFull = evictsWhenFull ? .evictOldest : .refuse
    self.clock = clock
    if create { try agree() }
  }

  /// Checks that no other pool stores images on conflicting terms.
  private func agree() throws(SegmentError) {
    let terms = StoreTerms(retention: retention, refusesWhenFull: whenFull == .refuse)
    let now = clock.now()
    try ring.agree(on: terms.encoded) { found, isUsed in
      let remaining = ring.latestExpiry(now: now).map { $0.subtractingReportingOverflow(now).partialValue } ?? 0
      return terms.conflict(with: StoreTerms(encoded: found), isUsed: isUsed, remaining: remaining)
    }
  }

  /// Stores an image. When this returns, every process serves it, whatever happens to this one.
  ///
  /// If a process is stopped while it holds the lock, one insertion waits 2 s for it, and those that follow within a second are rejected at once:
  /// otherwise each of those that queue behind the first would wait another 2 s.
  package func insert(_ bytes: [UInt8], contentType: ContentType = .png) throws(StoreError) -> ImageID {
    let now = clock.now()
    guard !isHeldUp(now) else { throw .busy }
    var id: ImageID?
    do throws(RingError) {
      _ = try ring.insert(
        bytes, tag: contentType.rawValue, created: now, expires: now + retention, whenFull: whenFull
      ) { sequence in
        let made = ImageID(sequence: sequence)
        id = made
        return made.key
      }
    } catch {
      if error == .lockTimedOut { heldUpSince.store(clock.now(), ordering: .relaxed) }
      throw StoreError(error)
    }
    return id!
  }

  /// Bounded on both sides, because the time of day may be set back.
  private func isHeldUp(_ now: Int64) -> Bool {
    (0..<Self.heldUpPause).contains(now &- heldUpSince.load(ordering: .relaxed))
  }

  /// The image with that id, or nil if it never existed, was evicted or has expired.
  package func image(for id: ImageID) -> StoredImage? {
    guard let entry = ring.entry(id.sequence, key: id.key), entry.expires > clock.now(),
      let contentType = ContentType(rawValue: entry.tag)
    else { return nil }
    return StoredImage(bytes: entry.bytes, contentType: contentType, created: entry.created, expires: entry.expires)
  }

  /// Frees the memory of expired images.
  /// - Returns: the number of these images, or nil if the store's lock could not be acquired.
  @discardableResult
  package func sweep() -> Int? { ring.sweep(now: clock.now()) }

  package var statistics: StoreStatistics {
    let ring = ring.statistics(now: clock.now())
    return StoreStatistics(
      images: ring.live, bytesUsed: ring.bytesUsed, bytesCapacity: ring.bytesTotal, imageCapacity: ring.slotsTotal, oldest: ring.oldest,
      newest: ring.newest, inserted: ring.inserted, evicted: ring.evicted, expired: ring.expired, lockOwnersDied: ring.lockOwnersDied,
      readsOvertaken: ring.readsOvertaken)
  }

  /// Whether the shared memory was removed. Then nothing more can be stored, and a new process would create a new store.
  package var isRemoved: Bool { ring.hasLostSharedMemory }

  /// The name of the shared-memory object of the store `name`. The layout's version is part of it, so that an upgrade that changes the
  /// layout starts with an empty store instead of refusing to start.
  package static func segmentName(_ name: String) -> String { "/fakeai-images-\(name)-v1" }

  /// Removes the store's name.
  package static func remove(_ name: String) { Segment.unlink(segmentName(name)) }
}
