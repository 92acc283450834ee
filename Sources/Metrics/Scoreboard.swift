import Atomics
import Glibc
import Hashing
package import SharedMemory
import SystemCalls

// The reports of a pool's workers about themselves, in a small segment of its own: changing its layout never costs any images.
//
//   ┌──────────────────────────────┬─────────┐
//   │ header 4 KiB, with directory │ 80 rows │    row: who has it · what it counted, see `ScoreboardLayout`
//   └──────────────────────────────┴─────────┘
//
// A row belongs to the process that holds the lock on the row's byte after the end of the segment. The kernel releases the lock however
// that process ends, and the next worker takes the row. Its counters remain and continue to grow, so the sum over all rows never falls when
// a worker dies, and no handover is needed. The count of one worker is the difference from the values that it found. Only the owner of a
// row changes its words, and it does so atomically, because both its loop and its renderer count. Readers may see a row that is just being
// taken; this is harmless, because the values are only reported.
//
// The directory assigns a place to each route by the hash of its name: 0 → hash by compare-and-exchange, once and permanently. A build with
// one more route therefore continues the counts of the previous build.

/// The rows of a pool's workers, shared by all of them.
@safe
package struct Scoreboard: ~Copyable, @unchecked Sendable {
  private let segment: Segment
  let ownRow: Int?
  /// The names of the routes by which responses are counted, and the place of each in the directory; place 0 counts as "other".
  let routes: [String]
  let places: [Int]

  /// Opens the scoreboard of a store name.
  ///
  /// - Parameters:
  ///   - worker: the caller's number in its pool; a row is taken for it. If nil, the scoreboard is only read, and never created.
  ///   - routes: the names of the routes by which responses are counted.
  package init(name: String, worker: Int?, routes: [String] = []) throws(SegmentError) {
    ScoreboardLayout.check()
    precondition(routes.count < ScoreboardLayout.mostRoutes, "ScoreboardLayout.mostRoutes must grow")
    let segment = try unsafe Segment(
      name: Self.segmentName(name), size: ScoreboardLayout.size, stamp: ScoreboardLayout.stamp, create: worker != nil)
    var places: [Int] = []
    for route in routes { places.append(Self.place(of: route, in: segment, claiming: worker != nil)) }
    var row: Int?
    if worker != nil {
      for candidate in 0..<ScoreboardLayout.rowCount where row == nil && segment.claim(byte: candidate) { row = candidate }
    }
    (self.routes, self.places, ownRow) = (routes, places, row)
    self.segment = segment
    if let worker, let row { begin(row, worker) }
  }

  deinit { enter(.left) }

  /// Whether the shared memory was removed, so that new workers would use another scoreboard.
  package var isRemoved: Bool { segment.hasLostSharedMemory }

  /// The layout is part of the name, so that an upgrade that changes it starts new counts instead of refusing to start.
  package static func segmentName(_ name: String) -> String {
    "/fakeai-images-\(name)-scoreboard-\(String(ScoreboardLayout.stamp, radix: 16))"
  }

  /// In bytes.
  package static let segmentSize = ScoreboardLayout.size

  package static func remove(_ name: String) { Segment.unlink(segmentName(name)) }

  /// Whether the row belongs to a living worker.
  func isTaken(_ row: Int) -> Bool { row == ownRow || segment.isClaimed(byte: row) }

  func word(_ row: Int, _ place: Int) -> UnsafeAtomic<UInt64> {
    segment.word(at: ScoreboardLayout.rows + (row * ScoreboardLayout.wordsPerRow + place) * MemoryLayout<UInt64>.stride)
  }

  func word(_ row: Int, _ field: ScoreboardLayout.Field) -> UnsafeAtomic<UInt64> { word(row, field.rawValue) }

  /// - Parameter claiming: whether a route without a place gets one. If no place is left, which takes dozens of upgrades, its requests
  ///   count as "other".
  private static func place(of route: String, in segment: borrowing Segment, claiming: Bool) -> Int {
    let hash = max(1, FNV1a.hash(route.utf8))
    for place in 1..<ScoreboardLayout.mostRoutes {
      let word = segment.word(at: ScoreboardLayout.directory + place * MemoryLayout<UInt64>.stride)
      var found = word.load(ordering: .relaxed)
      if found == 0 {
        guard claiming else { return 0 }
        let (isExchanged, winner) = word.compareExchange(expected: 0, desired: hash, ordering: .relaxed)
        found = isExchanged ? hash : winner
      }
      if found == hash { return place }
    }
    return 0
  }

  private func begin(_ row: Int, _ worker: Int) {
    let hasDied = word(row, .state).load(ordering: .relaxed) != WorkerState.left.rawValue
    for counter in WorkerCounter.allCases {
      let found = word(row, ScoreboardLayout.counter(counter)).load(ordering: .relaxed)
      word(row, ScoreboardLayout.baseline(counter)).store(found, ordering: .relaxed)
    }
    for gauge in [.inFlight, .deferred, .stall, .pool, .redis, .streams] as [ScoreboardLayout.Field] {
      word(row, gauge).store(0, ordering: .relaxed)
    }
    enter(.starting)
    word(row, .started).store(UInt64(bitPattern: WallClock.system.now()), ordering: .relaxed)
    word(row, .number).store(UInt64(worker), ordering: .relaxed)
    word(row, .processID).store(UInt64(getpid()), ordering: .releasing)
    count(.starts)
    if hasDied { count(.deaths) }
  }
}
