import Metrics

/// The text format 0.0.4 of Prometheus: <https://prometheus.io/docs/instrumenting/exposition_formats/>.
struct PrometheusText {
  static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  private(set) var text = ""

  /// Writes a metric of one or more subjects.
  ///
  /// - Parameters:
  ///   - prefix: precedes the metric's key.
  ///   - subjects: each with the labels that distinguish it from the others.
  mutating func write<Subject>(
    _ figure: Metric<Subject>, prefix: String, of subjects: [(subject: Subject, labels: [(name: String, value: String)])]
  ) {
    let name = prefix + figure.key + (figure.kind == .counter ? "_total" : "")
    let samples = subjects.flatMap { subject, labels in
      figure.samples(subject).map { MetricSample(labels: labels + $0.labels, value: $0.value) }
    }
    guard !samples.isEmpty else { return }
    text += "# HELP \(name) \(Self.escaped(figure.help, quotes: false))\n# TYPE \(name) \(figure.kind.rawValue)\n"
    for sample in samples { write(sample, name) }
  }

  private mutating func write(_ sample: MetricSample, _ name: String) {
    switch sample.value {
    case .number(let number): write(name, sample.labels, Self.number(number))
    case .histogram(let histogram):
      var below: UInt64 = 0
      for (bound, count) in zip(histogram.bounds + [.infinity], histogram.counts) {
        below &+= count
        write(name + "_bucket", sample.labels + [("le", Self.number(bound))], String(below))
      }
      write(name + "_sum", sample.labels, Self.number(histogram.sumInSeconds))
      write(name + "_count", sample.labels, String(below))
    }
  }

  private mutating func write(_ name: String, _ labels: [(name: String, value: String)], _ value: String) {
    let pairs = labels.map { "\($0.name)=\"\(Self.escaped($0.value, quotes: true))\"" }.joined(separator: ",")
    text += name + (pairs.isEmpty ? "" : "{\(pairs)}") + " \(value)\n"
  }

  /// Whole numbers have no decimal point, as is usual for bucket bounds.
  private static func number(_ value: Double) -> String {
    if value == .infinity { return "+Inf" }
    return Int(exactly: value).map(String.init) ?? "\(value)"
  }

  private static func escaped(_ text: String, quotes: Bool) -> String {
    let escaped = text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    return quotes ? escaped.replacing("\"", with: "\\\"") : escaped
  }
}
