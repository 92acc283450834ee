import FastCGI
import Staging

extension ImagesService {
  /// Tells how the limits of the request's key stand at this moment. What has no limit is told with the highest one there can be, for real
  /// answers always tell, and a client may count on it. A key that opens nothing has no limits.
  func addRateLimitHeaders(to response: inout Response, _ request: Request) {
    guard let account = try? account(for: request) else { return }
    for kind in RateLimitKind.allCases {
      let highest = Keyring.perMinute.upperBound
      let status =
        limiter.status(of: kind, for: account) ?? RateLimitStatus(kind: kind, limit: highest, remaining: highest, reset: .zero)
      response.add("x-ratelimit-limit-\(kind.rawValue)", String(status.limit))
      response.add("x-ratelimit-remaining-\(kind.rawValue)", String(status.remaining))
      response.add("x-ratelimit-reset-\(kind.rawValue)", status.reset.briefText)
    }
  }
}
