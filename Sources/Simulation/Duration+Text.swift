extension Duration {
  /// `250ms`, `2s`, `1.5s` or `2m`; nil for anything else.
  package init?(text: some StringProtocol) {
    // The longest suffix first, because "ms" also ends with "s".
    guard let unit = Self.units.first(where: { text.hasSuffix($0.suffix) }) else { return nil }
    let number = text.dropLast(unit.suffix.count)
    // `Double` also reads "inf", "nan", signs, exponents and hexadecimal numbers.
    let isPlain = number.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: ".") }
    guard isPlain, number.utf8.first != UInt8(ascii: "."), let value = Double(number), value < 1e9 else { return nil }
    self = .milliseconds((value * unit.milliseconds).rounded())
  }

  /// The form that ``init(text:)`` reads, in the largest unit that needs no fraction.
  package var text: String {
    let milliseconds = Int((self / .milliseconds(1)).rounded())
    if milliseconds == 0 { return "0s" }
    let unit = Self.units.last { milliseconds % Int($0.milliseconds) == 0 } ?? Self.units[0]
    return "\(milliseconds / Int(unit.milliseconds))\(unit.suffix)"
  }

  /// In seconds, with the fraction.
  package var seconds: Double { self / .seconds(1) }

  private static let units: [(suffix: String, milliseconds: Double)] = [("ms", 1), ("s", 1000), ("m", 60_000)]
}
