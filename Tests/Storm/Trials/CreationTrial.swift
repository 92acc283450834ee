import Atomics
import Glibc
import RingTesting
import SharedMemory

/// Many processes create a ring at once, and one before them dies at each step of the creation. All of them must come to share one ring.
struct CreationTrial {
  /// How often one dies at each step.
  let deathsPerPoint: Int
  private let starters = SharedArray<UInt64>(count: 1)

  func run() throws {
    try joinBeforeCreated()
    for _ in 0..<5 { try createAtOnce(processes: 50) }
    for point in Failpoint.opening + Failpoint.creation {
      for _ in 0..<deathsPerPoint { try createAfterDeath(at: point) }
    }
  }

  /// Another process comes while the ring is half made, and is given time to do what it must not do.
  private func joinBeforeCreated() throws {
    let place = TemporaryRing(pages: 4)
    starters[0] = 0
    var other: ChildProcess?
    CrashPlan.interrupt(at: .initialised) {
      other = ChildProcess {
        try place.open().insertContent(count: 100)
        starters[0] = 1
      }
      for _ in 0..<500 where starters.atomic(0).load(ordering: .relaxed) == 0 { usleep(1000) }
    }
    let ring = try place.open()
    let hadNotWaited = starters[0] == 1
    try demand(other?.wait() == .exited(0), "who came while the ring was made could not use it")
    try demand(!hadNotWaited && ring.bytes(0) != nil, "two made the ring at the same time")
  }

  private func createAfterDeath(at point: Failpoint) throws {
    let place = TemporaryRing(pages: 4)
    let end = ChildProcess {
      CrashPlan.die(at: point)
      _ = try place.open()
    }.wait()
    try demand(end == .killed(SIGKILL), "the process that was to die at \(point) ended otherwise: \(end)")
    do { try create(place, processes: 2) } catch { throw Finding("after a death at \(point): \(error)") }
  }

  /// In a ring with more slots than there are processes.
  private func createAtOnce(processes: Int) throws {
    try create(TemporaryRing(pages: 32), processes: processes)
  }

  /// Each opens the ring and inserts one entry: were there two rings, or one that was made twice, entries would be missing.
  private func create(_ place: borrowing TemporaryRing, processes: Int) throws {
    starters[0] = 0
    let children = (0..<processes).map { _ in
      ChildProcess {
        waitForOthers(processes)
        _ = try place.open().insert([1, 2, 3], created: 0, expires: .max, whenFull: .evictOldest, key: Ring.key)
      }
    }
    let ends = children.map { $0.wait() }
    try demand(ends.allSatisfy { $0 == .exited(0) }, "not all of \(processes) that opened the ring could use it")
    let ring = try place.open()
    let whole = ring.liveSequences.filter { ring.bytes($0) == [1, 2, 3] }
    try demand(whole.count == processes, "\(processes) inserted, \(whole.count) entries are there")
  }

  /// So that none is done before the last has begun.
  private func waitForOthers(_ processes: Int) {
    starters.atomic(0).wrappingIncrement(ordering: .relaxed)
    while starters.atomic(0).load(ordering: .relaxed) < processes { usleep(50) }
  }
}
