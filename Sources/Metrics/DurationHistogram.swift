/// The number of durations in each bucket, and their sum.
package struct DurationHistogram: Sendable, Equatable {
  /// Inclusive upper bounds in seconds; one more bucket holds the durations above all of them.
  package let bounds: [Double]
  /// Per bucket, not cumulative.
  package var counts: [UInt64]
  /// In nanoseconds.
  package var sum: UInt64

  package init(bounds: [Double]) {
    self.bounds = bounds
    counts = [UInt64](repeating: 0, count: bounds.count + 1)
    sum = 0
  }

  /// From the time of a cached GET to the time that an SDK waits.
  package static let latencyBounds = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600,
  ]
  /// From a small image of a single colour to the largest image on a busy machine.
  package static let drawingBounds = [
    0.0001, 0.00025, 0.0005, 0.00075, 0.001, 0.0015, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.025, 0.05, 0.1, 0.25, 1,
  ]

  package var count: UInt64 { counts.reduce(0, &+) }

  package var sumInSeconds: Double { Double(sum) / 1e9 }

  /// The bucket of a duration in seconds.
  static func bucket(of seconds: Double, in bounds: [Double]) -> Int { bounds.firstIndex { seconds <= $0 } ?? bounds.count }

  /// The upper bound of the bucket with that quantile: infinity for the last bucket, nil if there are no durations.
  package func quantile(_ share: Double) -> Double? {
    let rank = (Double(count) * share).rounded(.up)
    guard rank > 0 else { return nil }
    var below = 0.0
    for (bound, count) in zip(bounds + [.infinity], counts) {
      below += Double(count)
      if below >= rank { return bound }
    }
    return nil
  }
}
