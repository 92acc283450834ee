extension Duration {
  /// As the API writes the time until a limit is free again: `120ms`, `58.891s`, `6m0s`. Rounded up to a millisecond.
  package var briefText: String {
    let milliseconds = max(0, Int((self / .milliseconds(1)).rounded(.up)))
    if milliseconds < 1000 { return "\(milliseconds)ms" }
    let minutes = milliseconds / 60_000
    return (minutes > 0 ? "\(minutes)m" : "") + Self.seconds(milliseconds % 60_000) + "s"
  }

  /// Seconds with as many of three decimals as say something.
  private static func seconds(_ milliseconds: Int) -> String {
    guard milliseconds % 1000 > 0 else { return "\(milliseconds / 1000)" }
    let decimals = String(String(1000 + milliseconds % 1000).dropFirst().reversed().drop { $0 == "0" }.reversed())
    return "\(milliseconds / 1000).\(decimals)"
  }
}
