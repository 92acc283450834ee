/// The counters of a worker. The raw value is the position in shared memory: never renumber, add at the end.
package enum WorkerCounter: Int, CaseIterable, Sendable {
  /// Requests of any kind.
  case requests = 0
  /// Images drawn.
  case drawn = 1
  /// Images served from the store.
  case served = 2
  /// Responses with a status of 400 or more.
  case refused = 3
  /// Bytes of the responses' bodies.
  case bytes = 4
  /// Workers that took a row.
  case starts = 5
  /// Workers that left a row without marking it: they were killed or crashed. Counted by the next owner of the row.
  case deaths = 6
  /// Requests that the journal could not take.
  case unrecorded = 7
  /// Commands to Redis that are over, and the outcomes other than success: see `RedisError`.
  case redisCommands = 8
  case redisRefused = 9
  case redisNotSent = 10
  case redisUnknown = 11
  case redisNotReplicated = 12
  /// Connections to Redis that broke or could not be made.
  case redisFailures = 13
  /// Commands that Redis answered, and the sum of the times that took, in nanoseconds.
  case redisAnswered = 14
  case redisNanoseconds = 15
  /// Images drawn that are enlargements of others.
  case upscaled = 16
}

/// The state of a worker. The raw value is stored in shared memory: never renumber.
package enum WorkerState: UInt64, Sendable, CaseIterable {
  /// It has ended normally.
  case left = 0
  case starting = 1
  case serving = 2
  /// It accepts nothing new and finishes its requests.
  case draining = 3
}

/// One living worker, as the scoreboard shows it.
package struct WorkerRecord: Sendable, Equatable {
  package var processID: CInt
  /// Its number in the pool, from 1; 0 if it was started alone.
  package var number: Int
  /// Nanoseconds since 1970.
  package var started: Int64
  package var state: WorkerState
  /// Requests that are not yet answered, as of the last second.
  package var inFlight: Int
  /// Those of them that wait for their time.
  package var deferred: Int
  /// Open streams of events, as of the last second.
  package var streams: Int
  /// Whether it reaches Redis; nil if it does not use Redis.
  package var reachesRedis: Bool?
  /// Since the worker started.
  package var counters: [WorkerCounter: UInt64]

  package init(
    processID: CInt, number: Int, started: Int64, state: WorkerState = .serving, inFlight: Int = 0, deferred: Int = 0, streams: Int = 0,
    reachesRedis: Bool? = nil, counters: [WorkerCounter: UInt64]
  ) {
    self.processID = processID
    self.number = number
    self.started = started
    self.state = state
    self.inFlight = inFlight
    self.deferred = deferred
    self.streams = streams
    self.reachesRedis = reachesRedis
    self.counters = counters
  }
}
