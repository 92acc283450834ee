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
