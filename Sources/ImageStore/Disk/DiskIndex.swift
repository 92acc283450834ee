import Atomics
import SharedMemory
import SystemCalls
import SystemPackage

// What all processes that use a store on disk know about it, in shared memory.
//
//   ┌──────────────┬──────────────────┬──────────────────┬──────────────────┐
//   │ header 4 KiB │ use, 16,384 × 8 B │ oldest, × 8 B    │ counted, × 8 B   │
//   └──────────────┴──────────────────┴──────────────────┴──────────────────┘
//
// Each minute has the place of its number modulo 16,384, in each of the three arrays. No image lives longer than a week, and expired minutes
// are swept, so no two minutes share a place.
//
//   use      images << 40 | bytes, of the minute's directory. One word, so that a process that dies leaves no half of a change.
//   oldest   when the oldest image in it was created, in nanoseconds since 1970; 0: unknown
//   counted  1: `use` includes the files that were there before this index
//
// Bytes are added before a file is written and subtracted after one is removed. A process that dies in between leaves bytes that no file has.
// They are dropped with their minute, or when room is needed and no file is found there, see `dropUnfounded`. The sum is never too small, but
// for the files of earlier pools that are not counted yet.
//
// The index is as old as the pool: the first process of a pool makes a new one and counts the files, because since the last pool ended the
// machine may have lost power, or files.
@safe
struct DiskIndex: ~Copyable, @unchecked Sendable {
  private let segment: Segment
  /// Held while files are counted or removed.
  let lock: RobustLock
  /// Held by the one process that sweeps.
  let sweepLock: RobustLock

  static let places = 16_384
  private static let headerSize = 4096
  private static let stamp: UInt64 = 1
  static let segmentSize = headerSize + 3 * places * 8

  /// Words of the header, as offsets in bytes.
  enum Word: Int {
    case token = 64, capacity = 72, started = 80, newest = 88, inserted = 96, evicted = 104, expired = 112, ownersDied = 120, writing = 256
  }

  private enum Offset {
    static let lock = 128
    static let sweepLock = 192
  }

  static func segmentName(_ store: String) -> String { "/fakeai-images-\(store)-disk.files-v1" }

  /// - Parameter create: if there is none, or none that a process uses, makes a new one.
  init(store: String, create: Bool) throws(SegmentError) {
    let name = Self.segmentName(store)
    if create { Segment.removeIfUnused(name) }
    segment = try unsafe Segment(name: name, size: Self.segmentSize, stamp: Self.stamp, create: create) { base throws(SegmentError) in
      do throws(Errno) {
        try unsafe RobustLock(in: base + Offset.lock).initialise()
        try unsafe RobustLock(in: base + Offset.sweepLock).initialise()
      } catch {
        throw .system(error, doing: "initialise the locks of", name: name)
      }
      var random = SystemRandomNumberGenerator()
      unsafe (base + Word.token.rawValue).storeBytes(of: random.next(), as: UInt64.self)
      unsafe (base + Word.started.rawValue).storeBytes(of: UInt64(WallClock.system.now()), as: UInt64.self)
    }
    lock = unsafe RobustLock(in: segment.base + Offset.lock)
    sweepLock = unsafe RobustLock(in: segment.base + Offset.sweepLock)
  }

  var isLost: Bool { segment.hasLostSharedMemory || !lock.isSound || !sweepLock.isSound }

  func discount(_ word: Word) { self.word(word).wrappingDecrement(ordering: .relaxed) }

  private func word(_ word: Word) -> UnsafeAtomic<UInt64> { segment.word(at: word.rawValue) }
  func value(_ word: Word) -> UInt64 { self.word(word).load(ordering: .relaxed) }
  func set(_ word: Word, to value: UInt64) { self.word(word).store(value, ordering: .relaxed) }
  func count(_ word: Word, _ number: Int = 1) { self.word(word).wrappingIncrement(by: UInt64(number), ordering: .relaxed) }

  // MARK: - One minute

  private func use(_ minute: DiskMinute) -> UnsafeAtomic<UInt64> { place(minute, array: 0) }
  private func oldest(_ minute: DiskMinute) -> UnsafeAtomic<UInt64> { place(minute, array: 1) }
  private func counted(_ minute: DiskMinute) -> UnsafeAtomic<UInt64> { place(minute, array: 2) }

  private func place(_ minute: DiskMinute, array: Int) -> UnsafeAtomic<UInt64> {
    segment.word(at: Self.headerSize + 8 * (array * Self.places + Int(minute.number % UInt64(Self.places))))
  }

  /// - Parameter created: of the oldest among the images, in nanoseconds since 1970.
  func add(_ amount: DiskUse, to minute: DiskMinute, created: Int64) {
    use(minute).wrappingIncrement(by: amount.encoded, ordering: .relaxed)
    let word = oldest(minute)
    var found = word.load(ordering: .relaxed)
    while found == 0 || found > UInt64(created) {
      let (isExchanged, other) = word.compareExchange(expected: found, desired: max(1, UInt64(created)), ordering: .relaxed)
      if isExchanged { return }
      found = other
    }
  }

  /// Stops at 0, because what is subtracted may never have been counted.
  func subtract(_ amount: DiskUse, from minute: DiskMinute) {
    let word = use(minute)
    var found = word.load(ordering: .relaxed)
    while true {
      let left = DiskUse(encoded: found).subtracting(amount).encoded
      let (isExchanged, other) = word.compareExchange(expected: found, desired: left, ordering: .relaxed)
      if isExchanged { return }
      found = other
    }
  }

  func setOldest(_ created: Int64, in minute: DiskMinute) { oldest(minute).store(UInt64(created), ordering: .relaxed) }

  /// What is counted in a minute.
  func used(in minute: DiskMinute) -> DiskUse { DiskUse(encoded: use(minute).load(ordering: .relaxed)) }

  /// Replaces what is counted in a minute, unless it has changed.
  func replace(_ old: DiskUse, by new: DiskUse, in minute: DiskMinute) -> Bool {
    use(minute).compareExchange(expected: old.encoded, desired: new.encoded, ordering: .relaxed).exchanged
  }

  /// Forgets the files of a minute.
  func clear(_ minute: DiskMinute) {
    use(minute).store(0, ordering: .relaxed)
    oldest(minute).store(0, ordering: .relaxed)
    counted(minute).store(0, ordering: .relaxed)
  }

  func isCounted(_ minute: DiskMinute) -> Bool { counted(minute).load(ordering: .relaxed) != 0 }
  func setCounted(_ minute: DiskMinute) { counted(minute).store(1, ordering: .relaxed) }

  // MARK: - All minutes

  /// What the files of all minutes take, also of expired ones.
  var total: DiskUse {
    var sum = DiskUse()
    for place in 0..<Self.places { sum += DiskUse(encoded: word(place, array: 0)) }
    return sum
  }

  private func word(_ place: Int, array: Int) -> UInt64 {
    segment.word(at: Self.headerSize + 8 * (array * Self.places + place)).load(ordering: .relaxed)
  }

  /// What the files take that have not expired, the minute in progress included, and when the oldest of them was created.
  func live(after now: DiskMinute) -> (use: DiskUse, oldest: Int64?) {
    var (sum, first) = (DiskUse(), UInt64.max)
    for offset in 0..<UInt64(Self.places) {
      let place = Int((now.number + offset) % UInt64(Self.places))
      let use = DiskUse(encoded: word(place, array: 0))
      guard use.images > 0 else { continue }
      sum += use
      first = min(first, word(place, array: 1))
    }
    return (sum, first == .max ? nil : Int64(first))
  }

  /// The minute with the oldest image, of those that are not excluded; nil if there is none.
  ///
  /// - Parameter now: one of the minutes from which the numbers of all others follow.
  func minuteOfOldest(around now: DiskMinute, except excluded: Set<DiskMinute> = []) -> DiskMinute? {
    var found: (created: UInt64, minute: DiskMinute)?
    let first = now.number > UInt64(Self.places) / 4 ? now.number - UInt64(Self.places) / 4 : 0
    for number in first..<first + UInt64(Self.places) {
      let place = Int(number % UInt64(Self.places))
      guard DiskUse(encoded: word(place, array: 0)).images > 0 else { continue }
      let created = word(place, array: 1)
      if created < found?.created ?? .max, !excluded.contains(DiskMinute(number: number)) { found = (created, DiskMinute(number: number)) }
    }
    return found?.minute
  }
}

/// A number of images and their bytes.
struct DiskUse: Equatable {
  var images = 0
  var bytes = 0

  init(images: Int = 0, bytes: Int = 0) { (self.images, self.bytes) = (images, bytes) }

  private static let byteBits: UInt64 = 40

  init(encoded: UInt64) { (images, bytes) = (Int(encoded >> Self.byteBits), Int(encoded & (1 << Self.byteBits - 1))) }

  var encoded: UInt64 { UInt64(images) << Self.byteBits | UInt64(bytes) }

  func subtracting(_ other: DiskUse) -> DiskUse {
    DiskUse(images: max(0, images - other.images), bytes: max(0, bytes - other.bytes))
  }

  static func += (sum: inout DiskUse, other: DiskUse) {
    sum.images += other.images
    sum.bytes += other.bytes
  }
}
