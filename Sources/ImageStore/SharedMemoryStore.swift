import Answers
package import SharedMemory
import Synchronization
package import SystemCalls

/// A store in a ring of shared memory: all processes serve the images that one process has stored.
///
/// Expiry is decided when an image is read; ``sweep()`` only frees the memory.
package final class SharedMemoryStore: ImageStore {
  private let ring: Ring
  /// Nanoseconds for which an image is served.
  private let lifetime: Int64
  private let whenFull: RingFullPolicy
  private let clock: WallClock
  /// When an insertion last timed out on the lock, in nanoseconds since 1970; the minimum means never.
  private let heldUpSince = Atomic(Int64.min)

  /// How long after that no other insertion waits for the lock: as long as a refused client is asked to wait before it tries again.
  private static let heldUpPause = WallClock.nanosecondsPerSecond

  package let kind = "memory"
  package var retention: Duration { .nanoseconds(lifetime) }

  /// Opens the store of that name, creating it if there is none. Throws if other pools use it on terms that contradict these, see
  /// ``StoreTerms``.
  ///
  /// - Parameters:
  ///   - size: bytes of shared memory; rounded down to a multiple of the page size.
  ///   - retention: how long an image is served.
  ///   - evictsWhenFull: whether a full store evicts its oldest image for a new one, or refuses the new one.
  package init(
    name: String, size: Int, retention: Duration, evictsWhenFull: Bool = true, create: Bool = true, clock: WallClock = .system
  ) throws(SegmentError) {
    ring = try Ring(name: Self.segmentName(name), size: Self.segmentSize(size), create: create)
    lifetime = Int64(retention / .nanoseconds(1))
    whenFull = evictsWhenFull ? .evictOldest : .refuse
    self.clock = clock
    if create { try agree() }
  }

  /// Ensures that no other pool uses the store on terms that contradict these.
  private func agree() throws(SegmentError) {
    let terms = StoreTerms(retention: lifetime, refusesWhenFull: whenFull == .refuse)
    let now = clock.now()
    try ring.agree(on: terms.encoded) { found, isUsed in
      let remaining = ring.latestExpiry(now: now).map { $0.subtractingReportingOverflow(now).partialValue } ?? 0
      return terms.conflict(with: StoreTerms(encoded: found), isUsed: isUsed, remaining: remaining)
    }
  }

  /// Stores an image. When this returns, every process serves it, even if this one ends.
  ///
  /// If a process is stopped while it holds the lock, one insertion waits 2 s for it, and the ones in the following second are refused at
  /// once. Otherwise each insertion that queues up behind the first would wait 2 s of its own.
  package func insert(_ file: [UInt8], format: ImageFormat) -> StoreAnswer<ImageID> {
    .ready(insert(file, format: format, created: clock.now()))
  }

  func insert(_ file: [UInt8], format: ImageFormat, created now: Int64) -> Result<ImageID, StoreError> {
    guard !isHeldUp(now) else { return .failure(.busy) }
    var id: ImageID?
    do throws(RingError) {
      _ = try ring.insert(file, tag: format.tag, created: now, expires: now + lifetime, whenFull: whenFull) { sequence in
        let made = ImageID(sequence: sequence)
        id = made
        return made.key
      }
      return .success(id!)
    } catch {
      if error == .lockTimedOut { heldUpSince.store(clock.now(), ordering: .relaxed) }
      return .failure(StoreError(error))
    }
  }

  /// Bounded on both sides, because the system clock may be set back.
  private func isHeldUp(_ now: Int64) -> Bool {
    (0..<Self.heldUpPause).contains(now &- heldUpSince.load(ordering: .relaxed))
  }

  /// The image with that ID; nil if there never was one, or if it was evicted or has expired.
  package func image(for id: ImageID) -> StoreAnswer<StoredImage?> {
    guard let entry = ring.entry(id.sequence, key: id.key), entry.expires > clock.now(), let format = ImageFormat(tag: entry.tag) else {
      return .ready(.success(nil))
    }
    return .ready(.success(StoredImage(bytes: entry.bytes, format: format, created: entry.created, expires: entry.expires)))
  }

  package func keep(_ file: [UInt8], format: ImageFormat) -> ImageID? {
    // A full store that evicts nothing would refuse the next image.
    guard whenFull == .evictOldest else { return nil }
    return try? insert(file, format: format, created: clock.now()).get()
  }

  package func sweep() { _ = sweepExpired() }

  /// Frees the memory of expired images.
  /// - Returns: the number of images removed; nil if the store's lock was not available.
  package func sweepExpired() -> Int? { ring.sweep(now: clock.now()) }

  package var statistics: StoreStatistics {
    let ring = ring.statistics(now: clock.now())
    return StoreStatistics(
      images: ring.live, bytesUsed: ring.bytesUsed, bytesCapacity: ring.bytesTotal, imageCapacity: ring.slotsTotal, oldest: ring.oldest,
      newest: ring.newest, inserted: ring.inserted, evicted: ring.evicted, expired: ring.expired, lockOwnersDied: ring.lockOwnersDied,
      readsOvertaken: ring.readsOvertaken)
  }

  /// Lost if the shared memory was removed: nothing more can be stored, and a new process would create a new store.
  package var health: StoreHealth { ring.hasLostSharedMemory ? .lost : .ready }

  /// The name of the shared-memory object of the store `name`. The layout's version is part of it, so that an upgrade that changes the
  /// layout starts with an empty store instead of refusing to start.
  package static func segmentName(_ name: String) -> String { "/fakeai-images-\(name)-v1" }

  /// The bytes of shared memory of a store of that size: a whole number of pages.
  package static func segmentSize(_ size: Int) -> Int { size & ~4095 }

  /// Removes a store of another size that no process uses, with its images.
  /// - Returns: its size in bytes; nil if nothing was removed.
  package static func removeUnused(_ name: String, unlessSize size: Int) throws(SegmentError) -> Int? {
    try Segment.removeUnused(segmentName(name), unlessSize: segmentSize(size))
  }

  /// The names of all stores on this machine, sorted.
  package static func names() -> [String] {
    let (prefix, suffix) = ("/fakeai-images-", "-v1")
    let segments = Segment.names(startingWith: prefix).map { String($0.dropFirst(prefix.count)) }
    let names = segments.filter { $0.hasSuffix(suffix) }.map { String($0.dropLast(suffix.count)) }
    // Other segments of a store have names of the same form: those with a dot, its rate limits, and in earlier versions its rules and its
    // journal. The store itself may be gone, and its scoreboard left.
    let others = ["-limits", "-rules", "-journal"]
    return names.filter { name in
      guard !name.contains(".") else { return false }
      guard let owner = others.first(where: name.hasSuffix).map({ name.dropLast($0.count) }) else { return true }
      return !segments.contains { $0 == owner + suffix || $0.hasPrefix("\(owner)-scoreboard-") }
    }
  }

  /// Removes the store's name.
  package static func remove(_ name: String) { Segment.unlink(segmentName(name)) }
}

/// The IDs of this store:
///
/// ```
/// ssssssss ssss 8rrr  vrrr rrrrrrrrrrrr     s: 48 bits of the ring's sequence number, most significant first
/// 8: version, v: variant (binary 10…)       r: 74 bits from the kernel's generator
/// ```
///
/// The sequence number finds the image without a search; the random bits make it impossible to guess an ID.
extension ImageID {
  /// Creates the ID of the image with that sequence number.
  init(sequence: UInt64) {
    // On Linux this is getrandom(2): the numbers of one worker reveal nothing about those of another.
    var kernel = SystemRandomNumberGenerator()
    self.init(high: sequence << 16 | kernel.next() & 0xfff, low: kernel.next())
  }

  var sequence: UInt64 { high >> 16 }

  var key: RingKey { RingKey(high: high, low: low) }
}

/// The tag of an entry in shared memory, and in the ID of an image on disk: never renumber.
extension ImageFormat {
  var tag: UInt32 {
    switch self {
    case .png: 1
    case .jpeg: 2
    case .webp: 3
    case .gif: 4
    case .svg: 5
    }
  }

  init?(tag: UInt32) {
    guard let format = Self.allCases.first(where: { $0.tag == tag }) else { return nil }
    self = format
  }
}

extension StoreError {
  fileprivate init(_ error: RingError) {
    self =
      switch error {
      case .tooLarge(let bytes, let capacity): .tooLarge(bytes: bytes, capacity: capacity)
      case .full(let capacity): .full(capacity: capacity)
      case .lockTimedOut: .busy
      case .unlinked: .removed
      }
  }
}
