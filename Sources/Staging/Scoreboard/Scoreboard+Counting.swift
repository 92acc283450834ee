import Atomics

/// What a worker tells of itself; nothing where it found no row.
extension Scoreboard {
  /// Adds to one of this worker's counters.
  package func count(_ counter: WorkerCounter, _ amount: UInt64 = 1) { add(amount, to: ScoreboardLayout.counters + counter.rawValue) }

  /// What this worker's row says of a counter.
  package func counted(_ counter: WorkerCounter) -> UInt64 {
    ownRow.map { word($0, ScoreboardLayout.counters + counter.rawValue).load(ordering: .relaxed) } ?? 0
  }

  /// Counts an answer.
  ///
  /// - Parameters:
  ///   - route: its index among the names given at the start; nil: none of them.
  ///   - latency: from the request's arrival until the answer may be sent.
  ///   - bytes: of the body.
  package func countAnswer(route: Int?, status: Int, latency: Duration, bytes: Int) {
    let route = route.map { $0 + 1 } ?? 0
    add(1, to: layout.answers(route: route, status: status))
    observe(latency, at: layout.latency(route: route), bounds: DurationHistogram.latencyBounds)
    count(.requests)
    if status >= 400 { count(.refused) }
    count(.bytes, UInt64(bytes))
  }

  /// Counts an image that was drawn and encoded.
  package func countDrawn(in time: Duration) {
    observe(time, at: ScoreboardLayout.drawing, bounds: DurationHistogram.drawingBounds)
    count(.drawn)
  }

  package func enter(_ state: WorkerState) { set(ScoreboardLayout.state, to: state.rawValue) }

  /// - Parameters:
  ///   - inFlight: requests that are not yet answered.
  ///   - deferred: those among them that wait for their time.
  package func show(inFlight: Int, deferred: Int) {
    set(ScoreboardLayout.inFlight, to: UInt64(inFlight))
    set(ScoreboardLayout.deferred, to: UInt64(deferred))
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

  func set(_ place: Int, to value: UInt64) {
    guard let ownRow else { return }
    word(ownRow, place).store(value, ordering: .relaxed)
  }
}
