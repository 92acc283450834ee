import FastCGI
import Limits
import Simulation

extension ImagesService {
  /// Tells how the limits of the request's key stand at this moment. What has no limit is told with the highest one there can be, for real
  /// answers always tell, and a client may count on it. A key that opens nothing has no limits.
  func addRateLimitHeaders(to response: inout Response, _ request: Request) {
    guard let account = try? account(for: request) else { return }
    for kind in RateLimitKind.allCases where !response.tells(kind) {
      let highest = Keyring.perMinute.upperBound
      response.tell(limiter.status(of: kind, for: account) ?? RateLimitStatus(kind: kind, limit: highest, remaining: highest, reset: .zero))
    }
  }
}

extension Response {
  /// Tells how a limit stands.
  mutating func tell(_ status: RateLimitStatus) {
    for name in Self.names(of: status.kind) {
      add("x-ratelimit-limit-\(name)", String(status.limit))
      add("x-ratelimit-remaining-\(name)", String(status.remaining))
      add("x-ratelimit-reset-\(name)", status.reset.briefText)
    }
  }

  /// Whether it tells already, of a limit that was made up for a fault.
  fileprivate func tells(_ kind: RateLimitKind) -> Bool {
    status == 429 && header("x-ratelimit-limit-\(Self.names(of: kind)[0])") != nil
  }

  /// The limit on images has two names, as it has in errors: that of DALL·E's and that of the GPT image models.
  private static func names(of kind: RateLimitKind) -> [String] {
    switch kind {
    case .requests: ["requests"]
    case .images: ["images", "input-images"]
    }
  }
}
