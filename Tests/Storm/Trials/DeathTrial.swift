import Glibc
import RingTesting
import SharedMemory

/// A process dies at each step of an insert and of a sweep, with the ring empty, half full, full and gone round. What it leaves must be
/// exactly what the model says, whole, and open to the next writer.
///
/// A death leaves the memory as it is at that step, so this is also what a reader sees who comes by just then.
struct DeathTrial {
  func run() throws {
    for point in Failpoint.insertion + Failpoint.sweep {
      // An empty ring has nothing to remove.
      for inserted in point == .removalHalfCounted ? [25, 9, 3] : [25, 9, 3, 0] {
        let name = "death at \(point) after \(inserted) inserts"
        do {
          let place = TemporaryRing(pages: 4)
          var scene = DeathScene(point: point, ring: try place.open())
          try scene.play(after: inserted)
        } catch {
          throw Finding("\(name): \(error)")
        }
      }
    }
  }
}

private struct DeathScene: ~Copyable {
  private let point: Failpoint
  private let ring: Ring
  private var model: RingModel
  /// Not a divisor of the ring's bytes: entries come to lie across its end.
  private static let length = 1500
  /// Two or three of the others must go for it.
  private static let lastLength = 4000
  /// When everything that was inserted before now, other than the last, has expired.
  private static let now: Int64 = 1000

  init(point: Failpoint, ring: consuming Ring) {
    self.point = point
    model = RingModel(capacity: RingCapacity(of: ring))
    self.ring = ring
  }

  mutating func play(after inserted: Int) throws {
    for number in 0..<inserted { try insert(Self.length, expires: number == inserted - 1 ? .max : Self.now) }
    let end = die()
    try demand(end == .killed(SIGKILL), "the process that was to die ended otherwise: \(end)")
    try applyWhatWasDone()
    try examine("after the death")
    for _ in 0..<2 { try insert(Self.length, expires: .max) }
    try examine("after the next inserts")
    let died = ring.statistics(now: 0).lockOwnersDied
    try demand(died == 1, "\(died) dead owners of the lock were noticed")
  }

  private mutating func insert(_ length: Int, expires: Int64) throws {
    _ = try model.insert(RingModel.Entry(length: length, expires: expires), now: 0, whenFull: .evictOldest)
    try ring.insertContent(count: length, expires: expires)
  }

  private borrowing func die() -> ChildProcess.End {
    let child = ChildProcess {
      CrashPlan.die(at: point)
      if Failpoint.sweep.contains(point) { ring.sweep(now: Self.now) } else { try ring.insertContent(count: Self.lastLength) }
    }
    return child.wait()
  }

  /// What of the insert or the sweep had happened by then.
  private mutating func applyWhatWasDone() throws {
    switch point {
    case .locked, .removalHalfCounted, .sweepLocked: break
    case .sweepRaised: _ = model.sweep(now: Self.now)
    case .nextRaised:
      _ = try model.insert(RingModel.Entry(length: Self.lastLength, expires: .max), now: 0, whenFull: .evictOldest)
    default: try model.makeRoom(for: Self.lastLength, now: 0, whenFull: .evictOldest)
    }
  }

  private func examine(_ when: String) throws(Finding) {
    for sequence in ring.liveSequences {
      let length = Int(sequence) < model.entries.count ? model.entries[Int(sequence)].length : Self.lastLength
      try demand(ring.bytes(sequence) == Content.bytes(sequence, count: length), "\(when) entry \(sequence) is live, but not whole")
    }
    let live = UInt64(model.first)..<UInt64(model.entries.count)
    try demand(ring.liveSequences == live, "\(when) \(ring.liveSequences) are live instead of \(live)")
    let used = ring.statistics(now: 0).bytesUsed
    try demand(used == model.statistics(now: 0).bytesUsed, "\(when) \(used) bytes are used")
  }
}
