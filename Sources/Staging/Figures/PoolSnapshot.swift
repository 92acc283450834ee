package import SharedMemory
import SystemCalls

/// A moment of the store and of the workers that share it. Whoever takes it, it says the same: all of it lies in shared memory.
package struct PoolSnapshot: Sendable {
  package var store: RingStatistics
  package var totals: PoolTotals
  package var workers: [WorkerRecord]
  /// When that was, in nanoseconds since 1970.
  package var now: Int64

  package init(store: RingStatistics, totals: PoolTotals = .none, workers: [WorkerRecord] = [], now: Int64) {
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
package struct WorkerMoment: Sendable {
  package var worker: WorkerRecord
  package var now: Int64
}

extension PoolSnapshot {
  package var workerMoments: [WorkerMoment] { workers.map { WorkerMoment(worker: $0, now: now) } }
}
