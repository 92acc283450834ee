import Hashing

/// The properties of a request for images that its latency depends on.
package struct ImageWork: Sendable, Equatable {
  package var model: String
  /// The value in the request: "hd", "medium", …; "auto" if it has none.
  package var quality: String
  /// In pixels.
  package var width: Int
  package var height: Int
  package var count: Int

  package init(model: String, quality: String, width: Int, height: Int, count: Int) {
    self.model = model
    self.quality = quality
    self.width = width
    self.height = height
    self.count = count
  }
}

/// The real API's times at 1024x1024, in seconds. Published measurements (August 2026) give 7.2 for low, 33 to 70 for medium and high, and
/// more than 120 for gpt-image-2 at high. A published range is used as the median of one quality and the 99th percentile of the next.
/// DALL·E can no longer be measured: its rows follow its users' recollections.
private struct MeasuredLatency {
  /// The prefix of the model's name.
  var models: String
  var qualities: [String]
  var median: Double
  var p99: Double

  static let table = [
    MeasuredLatency(models: "dall-e", qualities: ["hd", "high", "xhigh", "max"], median: 20, p99: 40),
    MeasuredLatency(models: "dall-e", qualities: [], median: 12, p99: 30),
    MeasuredLatency(models: "gpt-image-2", qualities: ["high", "xhigh", "max", "hd"], median: 125, p99: 180),
    MeasuredLatency(models: "", qualities: ["low"], median: 7.2, p99: 14),
    MeasuredLatency(models: "", qualities: ["high", "xhigh", "max", "hd"], median: 50, p99: 70),
    MeasuredLatency(models: "", qualities: [], median: 33, p99: 60),
  ]

  static func row(for work: ImageWork) -> MeasuredLatency {
    table.first { work.model.hasPrefix($0.models) && ($0.qualities.isEmpty || $0.qualities.contains(work.quality)) }!
  }
}

extension Latency {
  /// Larger images take longer, because they need more output tokens: 1,584 for 1024x1536 against 1,056 for 1024x1024.
  static func openai(_ work: ImageWork, _ random: inout SplitMix64) -> Double {
    let row = MeasuredLatency.row(for: work)
    let pixels = Double(work.width * work.height) / (1024 * 1024)
    return lognormal(row.median, row.p99, &random) * min(max(pixels, 1), 3)
  }
}
