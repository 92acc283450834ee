import Atomics
import Glibc
package import SharedMemory
import SystemCalls

// What the workers of a pool tell about themselves, in a small segment of its own: changing it never costs anybody's images.
//
//   ┌──────────────┬───────────────────────────┐
//   │ header 4 KiB │ 80 rows of 1,600 words    │    row: who has it · what it counted, see ScoreboardLayout
//   └──────────────┴───────────────────────────┘
//
// A row belongs to whoever holds the lock on its byte behind the segment; the kernel takes the lock back however that process ends, and the
// next worker gets the row. What was counted in it stays and goes on growing, so the sum over all rows never falls, whoever dies: there is
// nothing to hand over. What one worker counted is the difference to what it found. Each word is changed by the row's owner alone, atomically,
// for its loop and its renderer both count. Readers may see a row that is just being taken: harmless, for it is only told.

/// The rows of a pool's workers, shared by all of them.
@safe
package struct Scoreboard: ~Copyable, @unchecked Sendable {
  let layout: ScoreboardLayout
  private let segment: Segment
  let ownRow: Int?

  private static let headerSize = 4096

  /// Opens the scoreboard of that store name.
  ///
  /// - Parameters:
  ///   - worker: the caller's number in its pool, for whom a row is taken; nil: only looks, and creates nothing.
  ///   - routes: how the routes are called that answers are counted by. Others than the pool's find another scoreboard.
  package init(name: String, worker: Int?, routes: [String] = []) throws(SegmentError) {
    layout = ScoreboardLayout(routes: routes)
    let rowSize = ScoreboardLayout.wordsPerRow * MemoryLayout<UInt64>.stride
    segment = try unsafe Segment(
      name: Self.segmentName(name, routes: routes), size: Self.headerSize + ScoreboardLayout.rowCount * rowSize, stamp: layout.stamp,
      create: worker != nil)
    var row: Int?
    if worker != nil {
      for candidate in 0..<ScoreboardLayout.rowCount where row == nil && segment.claim(byte: candidate) { row = candidate }
    }
    ownRow = row
    if let worker, let row { begin(row, worker) }
  }

  deinit { enter(.left) }

  /// Whether someone removed the shared memory: then new workers would make another scoreboard.
  package var isRemoved: Bool { segment.isCutOff }

  /// The layout is part of the name, so that an upgrade that changes it starts to count anew instead of refusing to start.
  package static func segmentName(_ name: String, routes: [String] = []) -> String {
    "/fakeai-images-\(name)-scoreboard-\(String(ScoreboardLayout(routes: routes).stamp, radix: 16))"
  }

  package static func remove(_ name: String, routes: [String] = []) { Segment.unlink(segmentName(name, routes: routes)) }

  /// Whether a living worker has the row.
  func isTaken(_ row: Int) -> Bool { row == ownRow || segment.isClaimed(byte: row) }

  func word(_ row: Int, _ place: Int) -> UnsafeAtomic<UInt64> {
    let index = row * ScoreboardLayout.wordsPerRow + place
    let address = unsafe segment.base + Self.headerSize + index * MemoryLayout<UInt64>.stride
    return unsafe UnsafeAtomic(at: address.assumingMemoryBound(to: UnsafeAtomic<UInt64>.Storage.self))
  }

  private func begin(_ row: Int, _ worker: Int) {
    let hasDied = word(row, ScoreboardLayout.state).load(ordering: .relaxed) != WorkerState.left.rawValue
    for counter in WorkerCounter.allCases {
      let found = word(row, ScoreboardLayout.counters + counter.rawValue).load(ordering: .relaxed)
      word(row, ScoreboardLayout.baselines + counter.rawValue).store(found, ordering: .relaxed)
    }
    for gauge in [ScoreboardLayout.inFlight, ScoreboardLayout.deferred, ScoreboardLayout.stall, ScoreboardLayout.pool] {
      word(row, gauge).store(0, ordering: .relaxed)
    }
    enter(.starting)
    word(row, ScoreboardLayout.started).store(UInt64(bitPattern: WallClock.system.now()), ordering: .relaxed)
    word(row, ScoreboardLayout.number).store(UInt64(worker), ordering: .relaxed)
    word(row, ScoreboardLayout.processID).store(UInt64(getpid()), ordering: .releasing)
    count(.starts)
    if hasDied { count(.deaths) }
  }
}
