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
      for name in Self.names(of: kind) {
        response.add("x-ratelimit-limit-\(name)", String(status.limit))
        response.add("x-ratelimit-remaining-\(name)", String(status.remaining))
        response.add("x-ratelimit-reset-\(name)", status.reset.briefText)
      }
    }
  }

  /// The limit on images has two names, as it has in errors: that of DALL·E's and that of the GPT image models.
  private static func names(of kind: RateLimitKind) -> [String] {
    switch kind {
    case .requests: ["requests"]
    case .images: ["images", "input-images"]
    }
  }
}
