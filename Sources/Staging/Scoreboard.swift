import Atomics
import Glibc
package import SharedMemory
import SystemCalls

// What the workers of a pool tell about themselves, in a small segment of its own: changing it never costs anybody's images.
//
//   ┌──────────────┬───────────────────────────┐
//   │ header 4 KiB │ 64 rows of 128 B          │    row: process id · number · started · counters, 8 bytes each
//   └──────────────┴───────────────────────────┘
//
// A row belongs to whoever holds the lock on its byte behind the segment; the kernel takes the lock back however that process ends, so the
// next worker gets the row, zeroed. Each word has one writer. Readers may see a row that is just being taken: harmless, for it is only told.

/// The rows of a pool's workers, shared by all of them.
@safe
package struct Scoreboard: ~Copyable, @unchecked Sendable {
  private let segment: Segment
  private let ownRow: Int?

  private static let rowCount = 64
  private static let headerSize = 4096
  private static let rowSize = 128
  private static let stamp: UInt64 = 1

  /// Opens the scoreboard of that store name.
  ///
  /// - Parameter worker: the caller's number in its pool, for whom a row is taken; nil: only looks, and creates nothing.
  package init(name: String, worker: Int?) throws(SegmentError) {
    segment = try unsafe Segment(
      name: Self.segmentName(name), size: Self.headerSize + Self.rowCount * Self.rowSize, stamp: Self.stamp, create: worker != nil)
    var row: Int?
    if worker != nil {
      for candidate in 0..<Self.rowCount where row == nil && segment.claim(byte: candidate) { row = candidate }
    }
    ownRow = row
    if let worker, let row { begin(row, worker) }
  }

  /// Adds to one of this worker's counters.
  package func count(_ counter: WorkerCounter, _ amount: UInt64 = 1) {
    guard let ownRow else { return }
    word(ownRow, counter.rawValue).wrappingIncrement(by: amount, ordering: .relaxed)
  }

  /// The workers that live now, by their number.
  package func workers() -> [WorkerRecord] {
    (0..<Self.rowCount).filter { $0 == ownRow || segment.isClaimed(byte: $0) }
      .map { row in
        WorkerRecord(
          processID: CInt(truncatingIfNeeded: load(row, Place.processID)), number: Int(load(row, Place.number)),
          started: Int64(bitPattern: load(row, Place.started)),
          counters: Dictionary(uniqueKeysWithValues: WorkerCounter.allCases.map { ($0, load(row, $0.rawValue)) }))
      }
      .sorted { ($0.number, $0.processID) < ($1.number, $1.processID) }
  }

  /// Whether someone removed the shared memory: then new workers would make another scoreboard.
  package var isRemoved: Bool { segment.isUnlinked }

  package static func segmentName(_ name: String) -> String { "/fakeai-images-\(name)-scoreboard-v1" }

  package static func remove(_ name: String) { Segment.unlink(segmentName(name)) }

  private func begin(_ row: Int, _ worker: Int) {
    for counter in WorkerCounter.allCases { word(row, counter.rawValue).store(0, ordering: .relaxed) }
    word(row, Place.started).store(UInt64(bitPattern: WallClock.system.now()), ordering: .relaxed)
    word(row, Place.number).store(UInt64(worker), ordering: .relaxed)
    word(row, Place.processID).store(UInt64(getpid()), ordering: .releasing)
  }

  private func load(_ row: Int, _ place: Int) -> UInt64 { word(row, place).load(ordering: .acquiring) }

  private func word(_ row: Int, _ place: Int) -> UnsafeAtomic<UInt64> {
    let address = unsafe segment.base + Self.headerSize + row * Self.rowSize + place * MemoryLayout<UInt64>.stride
    return unsafe UnsafeAtomic(at: address.assumingMemoryBound(to: UnsafeAtomic<UInt64>.Storage.self))
  }

  /// Which word of a row holds what; the counters follow.
  private enum Place {
    static let processID = 0
    static let number = 1
    static let started = 2
  }
}
