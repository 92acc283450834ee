/// One figure that the pool tells: where it comes from, and what its readers call it.
///
/// The tables ``store``, ``pool`` and ``worker`` are all there is: `fakeai-images status`, /_fakeai/stats and /metrics show what stands there.
package struct Metric<Subject>: Sendable {
  /// Its name in JSON; with a prefix and, for counters, a suffix in Prometheus' format.
  package let key: String
  /// Its column for people; nil: not for people.
  package let title: String?
  package let kind: MetricKind
  package let unit: MetricUnit
  package let help: String
  /// None where there is nothing to tell, several where they differ in their labels.
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

  /// A figure without labels; nil: nothing to tell.
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
