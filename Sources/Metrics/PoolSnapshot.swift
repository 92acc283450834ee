package import ImageStore
import SystemCalls

/// A moment of the store and of the workers that share it. Whoever takes it, it says the same: all of it lies in shared memory.
package struct PoolSnapshot: Sendable {
  package var store: StoreStatistics
  package var totals: PoolTotals
  package var workers: [WorkerRecord]
  /// When that was, in nanoseconds since 1970.
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
  /// Where nobody has counted yet.
  package static let none = PoolTotals(
    counters: [:], answers: [], latency: [], drawing: DurationHistogram(bounds: DurationHistogram.drawingBounds))
}

/// One worker of a moment.
package struct WorkerSnapshot: Sendable {
  package var worker: WorkerRecord
  package var now: Int64
}

extension PoolSnapshot {
  package var workerSnapshots: [WorkerSnapshot] { workers.map { WorkerSnapshot(worker: $0, now: now) } }
}

/// What all workers of a store have counted since its scoreboard was made, the dead included.
package struct PoolTotals: Sendable {
  package var counters: [WorkerCounter: UInt64]
  /// By route and status, where there were any; status 0 stands for one that has no place of its own.
  package var answers: [Answers]
  /// By route, where there were any.
  package var latency: [(route: String, histogram: DurationHistogram)]
  /// Of one image: drawn and encoded.
  package var drawing: DurationHistogram

  package struct Answers: Sendable, Equatable {
    package var route: String
    package var status: Int
    package var count: UInt64
  }
}
