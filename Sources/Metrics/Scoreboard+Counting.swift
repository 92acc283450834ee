import Atomics
package import SystemCalls

/// Updates a worker's row. Does nothing if the worker has none.
extension Scoreboard {
  /// Adds to one of this worker's counters.
  package func count(_ counter: WorkerCounter, _ amount: UInt64 = 1) { add(amount, to: ScoreboardLayout.counter(counter)) }

  /// The value of a counter in this worker's row.
  package func counted(_ counter: WorkerCounter) -> UInt64 {
    ownRow.map { word($0, ScoreboardLayout.counter(counter)).load(ordering: .relaxed) } ?? 0
  }

  /// Counts a response.
  ///
  /// - Parameters:
  ///   - route: its index among the names given to the initializer; nil if it is none of them.
  ///   - latency: from the request's arrival until the response is sent.
  ///   - bytes: of the body.
  package func countAnswer(route: Int?, status: Int, latency: Duration, bytes: Int) {
    let place = route.flatMap { places.indices.contains($0) ? places[$0] : nil } ?? 0
    add(1, to: ScoreboardLayout.answers(route: place, status: status))
    observe(latency, at: ScoreboardLayout.latency(route: place), bounds: DurationHistogram.latencyBounds)
    count(.requests)
    if status >= 400 { count(.refused) }
    count(.bytes, UInt64(bytes))
  }

  /// Counts an image that was drawn and encoded.
  package func countDrawn(in time: Duration) {
    observe(time, at: ScoreboardLayout.drawing, bounds: DurationHistogram.drawingBounds)
    count(.drawn)
  }

  package func enter(_ state: WorkerState) { set(.state, to: state.rawValue) }

  /// - Parameters:
  ///   - inFlight: requests that are not yet answered.
  ///   - deferred: those of them that wait for their time.
  ///   - streams: open streams of events.
  package func show(inFlight: Int, deferred: Int, streams: Int = 0) {
    set(.streams, to: UInt64(streams))
    set(.inFlight, to: UInt64(inFlight))
    set(.deferred, to: UInt64(deferred))
  }

  /// Publishes whether this worker reaches Redis, and adds to its counts what its client has counted since the last call.
  package func show(reachesRedis: Bool, _ counts: [WorkerCounter: UInt64]) {
    set(.redis, to: reachesRedis ? Self.reached : Self.unreached)
    for (counter, amount) in counts where amount > 0 { count(counter, amount) }
  }

  static let reached: UInt64 = 1
  static let unreached: UInt64 = 2

  private func observe(_ duration: Duration, at place: Int, bounds: [Double]) {
    let seconds = max(0, duration / .seconds(1))
    add(UInt64(seconds * 1e9), to: place)
    add(1, to: place + 1 + DurationHistogram.bucket(of: seconds, in: bounds))
  }

  private func add(_ amount: UInt64, to place: Int) {
    guard let ownRow else { return }
    word(ownRow, place).wrappingIncrement(by: amount, ordering: .relaxed)
  }

  func set(_ field: ScoreboardLayout.Field, to value: UInt64) {
    guard let ownRow else { return }
    word(ownRow, field).store(value, ordering: .relaxed)
  }
}

/// How workers tell the others of their pool whether they could do more.
extension Scoreboard {
  /// Publishes the pool of this worker: the workers that accept from the same socket.
  package func show(pool: UInt64) { set(.pool, to: pool) }

  /// Publishes the time since which the renderer has finished nothing; nil if it has no job.
  package func show(stallSince instant: Instant?) {
    let word = instant.map { max(1, Self.now - Int64(max(.zero, .now - $0) / .nanoseconds(1))) } ?? 0
    set(.stall, to: UInt64(word))
  }

  /// Whether another worker of this pool is serving, and its renderer has stalled for at most `patience`.
  package func hasPeer(stallingAtMost patience: Duration) -> Bool {
    guard let ownRow else { return false }
    let pool = load(ownRow, .pool)
    return (0..<ScoreboardLayout.rowCount).contains { row in
      row != ownRow && load(row, .pool) == pool && load(row, .state) == WorkerState.serving.rawValue
        && isQuick(row, patience) && isTaken(row)
    }
  }

  private func isQuick(_ row: Int, _ patience: Duration) -> Bool {
    let since = load(row, .stall)
    return since == 0 || Self.now - Int64(since) <= Int64(patience / .nanoseconds(1))
  }

  /// In nanoseconds. All processes use the same clock; if it is set, the length of a current stall is misjudged.
  private static var now: Int64 { WallClock.system.now() }
}
