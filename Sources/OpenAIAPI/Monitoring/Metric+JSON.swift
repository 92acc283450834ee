import ImageGeneration
package import JSON
package import Metrics

extension Metric {
  /// One member of an object: a number, null if there is no sample, or a list of the samples if they differ in their labels.
  package func json(_ subject: Subject) -> (key: String, value: JSONText) {
    let samples = samples(subject)
    if samples.isEmpty, kind == .gauge { return (key, .null) }
    if samples.count == 1, samples[0].labels.isEmpty { return (key, Self.json(samples[0].value)) }
    return (key, .array(samples.map { .object($0.labels.map { ($0.name, .string($0.value)) } + [("value", Self.json($0.value))]) }))
  }

  private static func json(_ value: MetricSample.Value) -> JSONText {
    switch value {
    case .number(let number): Int(exactly: number).map { .integer($0) } ?? .decimal(number)
    case .histogram(let histogram):
      .object([
        ("count", .integer(Int(clamping: histogram.count))), ("sum", .decimal(histogram.sumInSeconds)),
        ("median_at_most", quantile(histogram, 0.5)), ("p99_at_most", quantile(histogram, 0.99)),
      ])
    }
  }

  private static func quantile(_ histogram: DurationHistogram, _ share: Double) -> JSONText {
    histogram.quantile(share).map { .decimal($0) } ?? .null
  }
}

extension PoolSnapshot {
  /// The metrics of store, pool and workers, for programs.
  package var json: [(key: String, value: JSONText)] {
    [
      ("store", .object(Metric.store.map { $0.json(self) })), ("pool", .object(Metric.pool.map { $0.json(self) })),
      ("workers", .array(workerSnapshots.map(\.json))),
    ]
  }
}

extension WorkerSnapshot {
  fileprivate var json: JSONText {
    .object(
      [("number", .integer(worker.number)), ("pid", .integer(Int(worker.processID))), ("state", .string("\(worker.state)"))]
        + Metric.worker.filter { $0.key != "state" }.map { $0.json(self) })
  }
}
