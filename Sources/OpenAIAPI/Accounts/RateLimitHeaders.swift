import FastCGI
import Limits

/// The names under which responses report limits. The one on images has two names, as it has in errors: that of DALL·E's and that of the GPT image
/// models.
enum RateLimitHeaders {
  typealias Names = (limit: String, remaining: String, reset: String)

  static func names(of kind: RateLimitKind) -> [Names] {
    switch kind {
    case .requests: requests
    case .images: images
    }
  }

  // Made once, for every response has them.
  private static let requests = names(["requests"])
  private static let images = names(["images", "input-images"])

  private static func names(_ kinds: [String]) -> [Names] {
    kinds.map { ("x-ratelimit-limit-\($0)", "x-ratelimit-remaining-\($0)", "x-ratelimit-reset-\($0)") }
  }
}

extension APIService {
  /// Reports how the limits of an account are at this moment. What has no limit is reported with the highest one there can be, for the real API
  /// always reports them, and a client may rely on it.
  func addRateLimitHeaders(to response: inout Response, _ account: Account) {
    for kind in RateLimitKind.allCases where !response.reports(kind) {
      let highest = Keyring.perMinute.upperBound
      response.addLimit(
        limiter.status(of: kind, for: account) ?? RateLimitStatus(kind: kind, limit: highest, remaining: highest, reset: .zero))
    }
  }
}

extension Response {
  /// Reports how a limit is.
  mutating func addLimit(_ status: RateLimitStatus) {
    for name in RateLimitHeaders.names(of: status.kind) {
      add(name.limit, String(status.limit))
      add(name.remaining, String(status.remaining))
      add(name.reset, status.reset.briefText)
    }
  }

  /// Whether it reports a limit already, one that was made up for a fault.
  fileprivate func reports(_ kind: RateLimitKind) -> Bool {
    status == 429 && header(RateLimitHeaders.names(of: kind)[0].limit) != nil
  }
}

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
