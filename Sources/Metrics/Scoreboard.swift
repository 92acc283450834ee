import Atomics
import Glibc
import Hashing
package import SharedMemory
import SystemCalls

// What the workers of a pool report about themselves, in a small segment of its own: changing it never costs anybody's images.
//
//   ┌──────────────────────────────┬─────────┐
//   │ header 4 KiB, with directory │ 80 rows │    row: who has it · what it counted, see `ScoreboardLayout`
//   └──────────────────────────────┴─────────┘
//
// A row belongs to the process that holds the lock on its byte behind the segment. The kernel releases the lock however that process ends, and
// the next worker gets the row. What was counted in it stays and goes on growing, so the sum over all rows never falls, whoever dies: there is
// nothing to hand over. What one worker counted is the difference to what it found. Each word is changed by the row's owner alone, atomically,
// for its loop and its renderer both count. Readers may see a row that is just being taken: harmless, for it is only reported.
//
// The directory gives each route a place by the hash of its name: 0 → hash by compare and exchange, once and for ever. So a build with one
// route more goes on counting where the one before it stopped.

/// The rows of a pool's workers, shared by all of them.
@safe
package struct Scoreboard: ~Copyable, @unchecked Sendable {
  private let segment: Segment
  let ownRow: Int?
  /// The names of the routes by which answers are counted, and each one's place in the directory; 0: it counts as "other".
  let routes: [String]
  let places: [Int]

  /// Opens the scoreboard of that store name.
  ///
  /// - Parameters:
  ///   - worker: the caller's number in its pool, for whom a row is taken; nil: only reads, and creates nothing.
  ///   - routes: the names of the routes by which answers are counted.
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

  /// Whether someone removed the shared memory: then new workers would make another scoreboard.
  package var isRemoved: Bool { segment.hasLostSharedMemory }

  /// The layout is part of the name, so that an upgrade that changes it starts to count anew instead of refusing to start.
  package static func segmentName(_ name: String) -> String {
    "/fakeai-images-\(name)-scoreboard-\(String(ScoreboardLayout.stamp, radix: 16))"
  }

  package static func remove(_ name: String) { Segment.unlink(segmentName(name)) }

  /// Whether a living worker has the row.
  func isTaken(_ row: Int) -> Bool { row == ownRow || segment.isClaimed(byte: row) }

  func word(_ row: Int, _ place: Int) -> UnsafeAtomic<UInt64> {
    segment.word(at: ScoreboardLayout.rows + (row * ScoreboardLayout.wordsPerRow + place) * MemoryLayout<UInt64>.stride)
  }

  func word(_ row: Int, _ field: ScoreboardLayout.Field) -> UnsafeAtomic<UInt64> { word(row, field.rawValue) }

  /// - Parameter claiming: whether a route that has no place yet gets one. Without a place left, which takes dozens of upgrades, its requests
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
    for gauge in [.inFlight, .deferred, .stall, .pool] as [ScoreboardLayout.Field] { word(row, gauge).store(0, ordering: .relaxed) }
    enter(.starting)
    word(row, .started).store(UInt64(bitPattern: WallClock.system.now()), ordering: .relaxed)
    word(row, .number).store(UInt64(worker), ordering: .relaxed)
    word(row, .processID).store(UInt64(getpid()), ordering: .releasing)
    count(.starts)
    if hasDied { count(.deaths) }
  }
}
