/// One metric of the pool: its source, and its name for each kind of reader.
///
/// The tables ``store``, ``pool`` and ``worker`` contain all metrics. `fakeai-images status`, /_fakeai/stats and /metrics show them.
package struct Metric<Subject>: Sendable {
  /// Its name in JSON; with a prefix and, for counters, a suffix in Prometheus's format.
  package let key: String
  /// The title of its column in `fakeai-images status`; nil if it has none.
  package let title: String?
  package let kind: MetricKind
  package let unit: MetricUnit
  package let help: String
  /// Returns no samples if there is no value, several if they differ in their labels.
  package let samples: @Sendable (Subject) -> [MetricSample]

  package init(
    _ key: String, _ title: String?, _ kind: MetricKind, _ unit: MetricUnit, _ help: String,
    samples: @escaping @Sendable (Subject) -> [MetricSample]
  ) {
    self.key = key
    self.title = title
    self.kind = kind
    self.unit = unit
    self.help = help
    self.samples = samples
  }

  /// A metric without labels; nil means that there is no value.
  init(
    _ key: String, _ title: String?, _ kind: MetricKind, _ unit: MetricUnit, _ help: String,
    value: @escaping @Sendable (Subject) -> Double?
  ) {
    self.init(key, title, kind, unit, help) { value($0).map { [MetricSample(value: .number($0))] } ?? [] }
  }
}

package enum MetricKind: String, Sendable {
  case gauge, counter, histogram
}

package enum MetricUnit: Sendable {
  case count, bytes, seconds
}

package struct MetricSample: Sendable {
  package enum Value: Sendable {
    /// Exact up to 2^53.
    case number(Double)
    case histogram(DurationHistogram)
  }

  package var labels: [(name: String, value: String)]
  package var value: Value

  package init(labels: [(name: String, value: String)] = [], value: Value) {
    self.labels = labels
    self.value = value
  }
}
