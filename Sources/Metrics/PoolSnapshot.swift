package import ImageStore
import SystemCalls

/// A snapshot of the store and of the workers that share it. Every process reads the same values, because all of them are in shared memory.
package struct PoolSnapshot: Sendable {
  package var store: StoreStatistics
  package var totals: PoolTotals
  package var workers: [WorkerRecord]
  /// The time of the snapshot, in nanoseconds since 1970.
  package var now: Int64

  package init(store: StoreStatistics, totals: PoolTotals = .none, workers: [WorkerRecord] = [], now: Int64) {
    self.store = store
    self.totals = totals
    self.workers = workers
    self.now = now
  }

  /// Seconds since a time in nanoseconds since 1970.
  package func age(_ time: Int64) -> Double { WallClock.seconds(from: time, to: now) }
}

extension PoolTotals {
  /// The totals before anything is counted.
  package static let none = PoolTotals(
    counters: [:], answers: [], latency: [], drawing: DurationHistogram(bounds: DurationHistogram.drawingBounds))
}

/// One worker in a snapshot.
package struct WorkerSnapshot: Sendable {
  package var worker: WorkerRecord
  package var now: Int64
}

extension PoolSnapshot {
  package var workerSnapshots: [WorkerSnapshot] { workers.map { WorkerSnapshot(worker: $0, now: now) } }
}

/// The counts of all workers of a store since the creation of its scoreboard, including dead workers.
package struct PoolTotals: Sendable {
  package var counters: [WorkerCounter: UInt64]
  /// By route and status, without empty ones; status 0 represents all statuses that have no place of their own.
  package var answers: [Answers]
  /// By route, without empty ones.
  package var latency: [(route: String, histogram: DurationHistogram)]
  /// The time to draw and encode one image.
  package var drawing: DurationHistogram

  package struct Answers: Sendable, Equatable {
    package var route: String
    package var status: Int
    package var count: UInt64
  }
}
