extension Latency {
  /// What is allowed, to complete the sentence "allowed: …".
  package static let allowed =
    "none, fixed:2s (or just 2s), uniform:1s..3s, lognormal:p50=12s,p99=60s, seed or openai, with times such as 250ms, 1.5s or 2m up to 10m"

  /// Reads what ``text`` writes; nil for anything else.
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
