import Glibc
package import Hashing

/// The simulated time that the API takes to make images.
package enum Latency: Sendable, Equatable {
  /// No simulated latency: the response is sent when it is ready.
  case none
  case fixed(Duration)
  case uniform(Duration, Duration)
  /// Log-normal, given by two of its quantiles: most responses are near the median and a few far above, as is typical of services.
  case lognormal(median: Duration, p99: Duration)
  /// The artificial delay of the legacy program.
  case seed
  /// The measured times of the real API.
  case openai

  /// The longest latency: OpenAI's SDKs give up after 600 s.
  package static let longest = Duration.seconds(600)

  /// The simulated duration of some work.
  package func duration(of work: ImageWork, random: inout SplitMix64) -> Duration {
    let seconds =
      switch self {
      case .none: 0.0
      case .fixed(let time): time.seconds
      case .uniform(let least, let most): least.seconds + random.nextFraction() * (most.seconds - least.seconds)
      case .lognormal(let median, let p99): Self.lognormal(median.seconds, p99.seconds, &random)
      case .seed: Self.seed(work, &random)
      case .openai: Self.openai(work, &random)
      }
    return min(.milliseconds((seconds * 1000).rounded()), Self.longest)
  }

  static func lognormal(_ median: Double, _ p99: Double, _ random: inout SplitMix64) -> Double {
    // The 99th percentile of the standard normal distribution.
    let deviation = log(p99 / median) / 2.326_347_874
    return median * exp(deviation * random.nextNormal())
  }

  /// `fakeai` 0.3.2: one second per image, more for larger ones, half as much again for hd, plus a random 0.5 to 2 s.
  private static func seed(_ work: ImageWork, _ random: inout SplitMix64) -> Double {
    let sizes = [("1024x1024", 1.5), ("1792x1024", 2.0), ("1024x1792", 2.0)]
    let factor = sizes.first { $0.0 == "\(work.width)x\(work.height)" }?.1 ?? 1
    return Double(work.count) * factor * (work.quality == "hd" ? 1.5 : 1) + 0.5 + 1.5 * random.nextFraction()
  }
}

extension SplitMix64 {
  /// A random number in 0..<1, with 53 bits.
  package mutating func nextFraction() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A normally distributed number with mean 0 and standard deviation 1 (Box and Muller).
  fileprivate mutating func nextNormal() -> Double {
    let radius = (-2 * log(1 - nextFraction())).squareRoot()
    return radius * cos(2 * .pi * nextFraction())
  }
}

extension Latency {
  /// The allowed values, to complete the sentence "allowed: …".
  package static let allowed =
    "none, fixed:2s (or just 2s), uniform:1s..3s, lognormal:p50=12s,p99=60s, seed or openai, with times such as 250ms, 1.5s or 2m up to 10m"

  /// Parses the form of ``text``; nil for anything else.
  package init?(text: some StringProtocol) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map { String($0) }
    switch (parts.first, parts.count > 1 ? parts[1] : nil) {
    case ("none", nil): self = .none
    case ("seed", nil): self = .seed
    case ("openai", nil): self = .openai
    case ("fixed", let time?), (let time?, nil):
      guard let time = Self.time(time) else { return nil }
      self = .fixed(time)
    case ("uniform", let range?):
      guard let (least, most) = Self.times(range, separator: "..", names: ("", "")), least <= most else { return nil }
      self = .uniform(least, most)
    case ("lognormal", let quantiles?):
      guard let (median, p99) = Self.times(quantiles, separator: ",", names: ("p50=", "p99=")), median > .zero, median <= p99 else {
        return nil
      }
      self = .lognormal(median: median, p99: p99)
    default: return nil
    }
  }

  package var text: String {
    switch self {
    case .none: "none"
    case .fixed(let time): "fixed:\(time.text)"
    case .uniform(let least, let most): "uniform:\(least.text)..\(most.text)"
    case .lognormal(let median, let p99): "lognormal:p50=\(median.text),p99=\(p99.text)"
    case .seed: "seed"
    case .openai: "openai"
    }
  }

  private static func time(_ text: String) -> Duration? { Duration(text: text).flatMap { $0 <= longest ? $0 : nil } }

  private static func times(_ text: String, separator: String, names: (String, String)) -> (Duration, Duration)? {
    let parts = text.split(separator: separator, omittingEmptySubsequences: false).map { String($0) }
    guard parts.count == 2, parts[0].hasPrefix(names.0), parts[1].hasPrefix(names.1),
      let first = time(String(parts[0].dropFirst(names.0.count))), let second = time(String(parts[1].dropFirst(names.1.count)))
    else { return nil }
    return (first, second)
  }
}
