/// What a worker counts. The raw value is its place in shared memory: never renumber.
package enum WorkerCounter: Int, CaseIterable, Sendable {
  /// Requests of any kind.
  case requests = 3
  /// Images drawn.
  case drawn = 4
  /// Images served from the store.
  case served = 5
  /// Answers with a status of 400 or more.
  case refused = 6
  /// Requests that the journal could not take.
  case unrecorded = 7
}

/// One living worker, as the scoreboard shows it.
package struct WorkerRecord: Sendable, Equatable {
  package var processID: CInt
  /// Its number in the pool, from 1; 0 for one that was started alone.
  package var number: Int
  /// Nanoseconds since 1970.
  package var started: Int64
  package var counters: [WorkerCounter: UInt64]

  package init(processID: CInt, number: Int, started: Int64, counters: [WorkerCounter: UInt64]) {
    self.processID = processID
    self.number = number
    self.started = started
    self.counters = counters
  }
}
