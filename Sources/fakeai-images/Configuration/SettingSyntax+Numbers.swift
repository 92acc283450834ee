import Simulation

extension SettingSyntax where Value == Int {
  /// Bytes, as a whole number with an optional K, M or G for 1024, 1024² or 1024³. Kubernetes writes them `Ki`, Docker `k`, and people `KB`.
  static func byteCount(_ range: ClosedRange<Int>) -> Self {
    Self(
      placeholder: "size",
      allowed: "a size from \(text(range.lowerBound)) to \(text(range.upperBound)), such as 16777216, 256M or 1G",
      parse: { parse($0).flatMap { range.contains($0) ? $0 : nil } },
      text: text)
  }

  private static var units: [(suffix: Character, shift: Int)] { [("G", 30), ("M", 20), ("K", 10)] }

  @Sendable private static func parse(_ text: String) -> Int? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let count = Int(digits), let shift = shift(of: text.dropFirst(digits.count).uppercased()) else { return nil }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: 1 << shift)
    return overflow ? nil : bytes
  }

  /// - Parameter unit: in upper case.
  private static func shift(of unit: String) -> Int? {
    if unit.isEmpty { return 0 }
    return units.first { unit.first == $0.suffix && ["", "B", "I", "IB"].contains(unit.dropFirst()) }?.shift
  }

  /// The largest unit that needs no fraction.
  @Sendable private static func text(_ bytes: Int) -> String {
    guard bytes > 0, let unit = units.first(where: { bytes % (1 << $0.shift) == 0 }) else { return String(bytes) }
    return "\(bytes >> unit.shift)\(unit.suffix)"
  }
}

extension SettingSyntax where Value == Duration {
  static func duration(from least: Duration = .zero, upTo limit: Duration) -> Self {
    Self(
      placeholder: "time",
      allowed: "a time from \(least == .zero ? "0s" : least.text) to \(limit.text), such as 250ms, 1.5s or 2m",
      parse: { Duration(text: $0).flatMap { $0 >= least && $0 <= limit ? $0 : nil } },
      text: \.text)
  }
}

extension SettingSyntax where Value == Latency {
  static var latency: Self {
    Self(placeholder: "latency", allowed: Latency.allowed, parse: { Latency(text: $0) }, text: \.text)
  }
}
