import Simulation

extension SettingSyntax where Value == Int {
  /// Bytes, as a whole number with an optional K, M or G for 1024, 1024² or 1024³.
  static func byteCount(_ range: ClosedRange<Int>) -> Self {
    Self(
      placeholder: "size",
      allowed: "a size from \(text(range.lowerBound)) to \(text(range.upperBound)), such as 16777216, 256M or 1G",
      parse: { parse($0).flatMap { range.contains($0) ? $0 : nil } },
      text: text)
  }

  private static var units: [(suffix: Character, shift: Int)] { [("G", 30), ("M", 20), ("K", 10)] }

  @Sendable private static func parse(_ text: String) -> Int? {
    let shift = units.first { text.last == $0.suffix }?.shift
    let digits = shift == nil ? text[...] : text.dropLast()
    guard digits.utf8.allSatisfy(\.isDigit), let count = Int(digits) else { return nil }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: 1 << (shift ?? 0))
    return overflow ? nil : bytes
  }

  /// The largest unit that needs no fraction.
  @Sendable private static func text(_ bytes: Int) -> String {
    guard bytes > 0, let unit = units.first(where: { bytes % (1 << $0.shift) == 0 }) else { return String(bytes) }
    return "\(bytes >> unit.shift)\(unit.suffix)"
  }
}

extension SettingSyntax where Value == Duration {
  static func duration(upTo limit: Duration) -> Self {
    Self(
      placeholder: "time",
      allowed: "a time from 0s to \(limit.text), such as 250ms, 1.5s or 2m",
      parse: { Duration(text: $0).flatMap { $0 <= limit ? $0 : nil } },
      text: \.text)
  }
}

extension SettingSyntax where Value == Latency {
  static var latency: Self {
    Self(placeholder: "latency", allowed: Latency.allowed, parse: { Latency(text: $0) }, text: \.text)
  }
}
