/// Formats quantities for a narrow column.
enum Quantity {
  /// `512 B`, `1.5 MiB`, `256 MiB`: at most three digits, in the largest unit with at least one digit before the point.
  static func bytes(_ count: Double) -> String {
    var (value, unit) = (count, 0)
    while value >= 1000, unit < units.count - 1 { (value, unit) = (value / 1024, unit + 1) }
    return "\(shortened(value)) \(units[unit])"
  }

  /// A whole number.
  static func count(_ number: Double) -> String { Int(exactly: number.rounded()).map { String($0) } ?? "\(number)" }

  /// `45 s`, `12 min`, `1 h`, `2.5 h`, `3.2 d`.
  static func duration(_ duration: Duration) -> String {
    let seconds = duration / .seconds(1)
    let (length, unit) = spans.first { seconds >= $0.0 } ?? (1, "s")
    return "\(shortened(seconds / length)) \(unit)"
  }

  /// The bound of a duration in seconds: `≤ 2.5 ms`, `≤ 10 s`.
  static func bound(_ seconds: Double?) -> String {
    guard let seconds else { return "-" }
    guard seconds.isFinite else { return "longer" }
    return seconds < 1 ? "≤ \(shortened(seconds * 1000)) ms" : "≤ \(duration(.seconds(seconds)))"
  }

  private static let units = ["B", "KiB", "MiB", "GiB"]
  private static let spans: [(Double, String)] = [(86400, "d"), (3600, "h"), (60, "min")]

  /// Below 10 one digit after the point, unless it is 0; otherwise none.
  private static func shortened(_ value: Double) -> String {
    guard (0..<10).contains(value), let tenths = Int(exactly: (value * 10).rounded()), tenths < 100, tenths % 10 != 0 else {
      return count(value)
    }
    return "\(tenths / 10).\(tenths % 10)"
  }
}
