import Atomics

extension Scoreboard {
  /// The living workers, sorted by number.
  package func workers() -> [WorkerRecord] {
    (0..<ScoreboardLayout.rowCount).filter { isTaken($0) }.map { record($0) }.sorted {
      ($0.number, $0.processID) < ($1.number, $1.processID)
    }
  }

  /// Whether a client of any worker has a stream of events open, as of the last second.
  package var hasStreams: Bool { (0..<ScoreboardLayout.rowCount).contains { load($0, .streams) > 0 && isTaken($0) } }

  /// The counts of all workers, including dead ones. No count ever decreases.
  package func totals() -> PoolTotals {
    let rows = (0..<ScoreboardLayout.rowCount).filter { load($0, ScoreboardLayout.counter(.starts)) > 0 }
    // The last word of a route's responses counts the statuses that the table does not contain.
    let statuses = ScoreboardLayout.statuses + [0]
    let routes = [(name: "other", place: 0)] + zip(routes, places).map { (name: $0, place: $1) }.filter { $0.place > 0 }
    let answers = routes.flatMap { route in
      statuses.map { status in
        PoolTotals.Answers(
          route: route.name, status: status, count: sum(rows, ScoreboardLayout.answers(route: route.place, status: status)))
      }
    }
    let latency = routes.map { route in
      (route: route.name, histogram: histogram(rows, ScoreboardLayout.latency(route: route.place), DurationHistogram.latencyBounds))
    }
    return PoolTotals(
      counters: counters { sum(rows, ScoreboardLayout.counter($0)) }, answers: answers.filter { $0.count > 0 },
      latency: latency.filter { $0.histogram.count > 0 },
      drawing: histogram(rows, ScoreboardLayout.drawing, DurationHistogram.drawingBounds))
  }

  private func record(_ row: Int) -> WorkerRecord {
    WorkerRecord(
      processID: CInt(truncatingIfNeeded: load(row, .processID)), number: Int(clamping: load(row, .number)),
      started: Int64(bitPattern: load(row, .started)),
      state: WorkerState(rawValue: load(row, .state)) ?? .starting,
      inFlight: Int(clamping: load(row, .inFlight)),
      deferred: Int(clamping: load(row, .deferred)),
      streams: Int(clamping: load(row, .streams)),
      reachesRedis: [Self.reached: true, Self.unreached: false][load(row, .redis)],
      counters: counters {
        load(row, ScoreboardLayout.counter($0)) &- load(row, ScoreboardLayout.baseline($0))
      })
  }

  private func counters(_ value: (WorkerCounter) -> UInt64) -> [WorkerCounter: UInt64] {
    Dictionary(uniqueKeysWithValues: WorkerCounter.allCases.map { ($0, value($0)) })
  }

  private func histogram(_ rows: [Int], _ place: Int, _ bounds: [Double]) -> DurationHistogram {
    var histogram = DurationHistogram(bounds: bounds)
    histogram.sum = sum(rows, place)
    for bucket in histogram.counts.indices { histogram.counts[bucket] = sum(rows, place + 1 + bucket) }
    return histogram
  }

  private func sum(_ rows: [Int], _ place: Int) -> UInt64 { rows.reduce(0) { $0 &+ load($1, place) } }

  private func load(_ row: Int, _ place: Int) -> UInt64 { word(row, place).load(ordering: .acquiring) }

  func load(_ row: Int, _ field: ScoreboardLayout.Field) -> UInt64 { load(row, field.rawValue) }
}
