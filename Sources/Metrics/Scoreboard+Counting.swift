import Atomics
import SystemCalls

/// What a worker tells of itself; nothing where it found no row.
extension Scoreboard {
  /// Adds to one of this worker's counters.
  package func count(_ counter: WorkerCounter, _ amount: UInt64 = 1) { add(amount, to: ScoreboardLayout.counter(counter)) }

  /// What this worker's row says of a counter.
  package func counted(_ counter: WorkerCounter) -> UInt64 {
    ownRow.map { word($0, ScoreboardLayout.counter(counter)).load(ordering: .relaxed) } ?? 0
  }

  /// Counts an answer.
  ///
  /// - Parameters:
  ///   - route: its index among the names given at the start; nil: none of them.
  ///   - latency: from the request's arrival until the answer may be sent.
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
  ///   - deferred: those among them that wait for their time.
  package func show(inFlight: Int, deferred: Int) {
    set(.inFlight, to: UInt64(inFlight))
    set(.deferred, to: UInt64(deferred))
  }

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

/// Which workers could do more, as each tells the others of its pool.
extension Scoreboard {
  /// Shows in which pool this worker is: one that accepts from the same socket.
  package func show(pool: UInt64) { set(.pool, to: pool) }

  /// Shows since when the renderer has finished nothing, or that it has nothing to do.
  package func show(stallSince instant: ContinuousClock.Instant?) {
    let word = instant.map { max(1, Self.now - Int64(max(.zero, .now - $0) / .nanoseconds(1))) } ?? 0
    set(.stall, to: UInt64(word))
  }

  /// Whether another worker of this one's pool serves, and its renderer has been stalling for no longer than that.
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

  /// Nanoseconds. The same clock in every process; where it is set, a stall that goes on just then is misjudged.
  private static var now: Int64 { WallClock.system.now() }
}
