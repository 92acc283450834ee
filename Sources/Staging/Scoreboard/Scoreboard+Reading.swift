import Atomics

extension Scoreboard {
  /// The workers that live now, by their number.
  package func workers() -> [WorkerRecord] {
    (0..<ScoreboardLayout.rowCount).filter { isTaken($0) }.map { record($0) }.sorted {
      ($0.number, $0.processID) < ($1.number, $1.processID)
    }
  }

  /// What all workers counted, the dead included. No figure of it ever falls.
  package func totals() -> PoolTotals {
    let rows = (0..<ScoreboardLayout.rowCount).filter { load($0, ScoreboardLayout.counters + WorkerCounter.starts.rawValue) > 0 }
    let statuses = ScoreboardLayout.statuses + [0]
    let answers = layout.routes.indices.flatMap { route in
      statuses.map { status in
        PoolTotals.Answers(
          route: layout.routes[route], status: status, count: sum(rows, layout.answers(route: route, status: status)))
      }
    }
    let latency = layout.routes.indices.map { route in
      (route: layout.routes[route], histogram: histogram(rows, layout.latency(route: route), DurationHistogram.latencyBounds))
    }
    return PoolTotals(
      counters: counters { sum(rows, ScoreboardLayout.counters + $0.rawValue) }, answers: answers.filter { $0.count > 0 },
      latency: latency.filter { $0.histogram.count > 0 },
      drawing: histogram(rows, ScoreboardLayout.drawing, DurationHistogram.drawingBounds))
  }

  private func record(_ row: Int) -> WorkerRecord {
    WorkerRecord(
      processID: CInt(truncatingIfNeeded: load(row, ScoreboardLayout.processID)), number: Int(clamping: load(row, ScoreboardLayout.number)),
      started: Int64(bitPattern: load(row, ScoreboardLayout.started)),
      state: WorkerState(rawValue: load(row, ScoreboardLayout.state)) ?? .starting,
      inFlight: Int(clamping: load(row, ScoreboardLayout.inFlight)),
      deferred: Int(clamping: load(row, ScoreboardLayout.deferred)),
      counters: counters {
        load(row, ScoreboardLayout.counters + $0.rawValue) &- load(row, ScoreboardLayout.baselines + $0.rawValue)
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

  func load(_ row: Int, _ place: Int) -> UInt64 { word(row, place).load(ordering: .acquiring) }
}
