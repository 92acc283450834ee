import Simulation

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
