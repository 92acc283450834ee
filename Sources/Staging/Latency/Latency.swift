package import Drawing
import Glibc

/// How long the API seems to take over images.
package enum Latency: Sendable, Equatable {
  /// As long as it takes.
  case none
  case fixed(Duration)
  case uniform(Duration, Duration)
  /// Log-normal, given by two of its quantiles: most answers near the median, a few far above, as services have it.
  case lognormal(median: Duration, p99: Duration)
  /// The artificial delay of the program that this one grew from.
  case seed
  /// What has been measured of the real API.
  case openai

  /// The longest time anything is held back: an SDK of OpenAI's gives up after 600 s.
  package static let longest = Duration.seconds(600)

  /// How long that work is to seem to take.
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

  /// `fakeai` 0.3.2: a second an image, longer for larger ones and half as long again for hd, and 0.5 to 2 s.
  private static func seed(_ work: ImageWork, _ random: inout SplitMix64) -> Double {
    let sizes = [("1024x1024", 1.5), ("1792x1024", 2.0), ("1024x1792", 2.0)]
    let factor = sizes.first { $0.0 == work.size.description }?.1 ?? 1
    return Double(work.count) * factor * (work.quality == "hd" ? 1.5 : 1) + 0.5 + 1.5 * random.nextFraction()
  }
}

extension SplitMix64 {
  /// A number from 0 below 1, of 53 bits.
  package mutating func nextFraction() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A normally distributed number with mean 0 and deviation 1 (Box and Muller).
  fileprivate mutating func nextNormal() -> Double {
    let radius = (-2 * log(1 - nextFraction())).squareRoot()
    return radius * cos(2 * .pi * nextFraction())
  }
}
