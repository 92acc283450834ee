import Answers
import FastCGI
import Limits

/// The names under which responses report limits. The limit on images has two names, as it has in errors: one for DALL·E and one for the
/// GPT image models.
enum RateLimitHeaders {
  typealias Names = (limit: String, remaining: String, reset: String)

  static func names(of kind: RateLimitKind) -> [Names] {
    switch kind {
    case .requests: requests
    case .images: images
    }
  }

  // Computed once, because every response uses them.
  private static let requests = names(["requests"])
  private static let images = names(["images", "input-images"])

  private static func names(_ kinds: [String]) -> [Names] {
    kinds.map { ("x-ratelimit-limit-\($0)", "x-ratelimit-remaining-\($0)", "x-ratelimit-reset-\($0)") }
  }
}

extension RequestContext {
  /// Reports the limits of the request's account. A kind without a limit is reported with the highest possible one: the real API always
  /// reports limits, and a client may rely on that.
  ///
  /// Nothing is reported if the key is invalid, or if the limits cannot be reached.
  func addRateLimitHeaders(to response: inout Response) {
    guard let report = service.limiter.areLocal ? currentLimits : limits else { return }
    for kind in RateLimitKind.allCases where !response.reports(kind) {
      let highest = Keyring.perMinute.upperBound
      response.addLimit(report[kind] ?? RateLimitStatus(kind: kind, limit: highest, remaining: highest, reset: .zero))
    }
  }

  private var currentLimits: RateLimitReport? {
    guard let account = try? account(), case .ready(.success(let report)) = service.limiter.report(for: account) else { return nil }
    return report
  }

  /// Asks for limits elsewhere that a response must report, if the request has not learnt them by taking units.
  /// - Returns: nil if there is nothing to ask.
  func learnLimits(for response: Response) -> Reply.Action? {
    guard surface == .api, limits == nil, !hasAskedForLimits, !request.isInternal, let account = try? account() else { return nil }
    let answer = service.limiter.report(for: account)
    return suspend(until: answer.then) { context, result throws(APIError) in
      (context.limits, context.hasAskedForLimits) = (try? result.get(), true)
      return .respond(response)
    }
  }
}

extension Response {
  /// Reports the state of a limit.
  mutating func addLimit(_ status: RateLimitStatus) {
    let (limit, remaining, reset) = (String(status.limit), String(status.remaining), status.reset.briefText)
    for name in RateLimitHeaders.names(of: status.kind) {
      add(name.limit, limit)
      add(name.remaining, remaining)
      add(name.reset, reset)
    }
  }

  /// Whether the response already reports a limit, made up for a fault.
  fileprivate func reports(_ kind: RateLimitKind) -> Bool {
    status == 429 && header(RateLimitHeaders.names(of: kind)[0].limit) != nil
  }
}

extension Duration {
  /// The time until a limit resets, in the API's format: `120ms`, `58.891s`, `6m0s`. Rounded up to a millisecond.
  package var briefText: String {
    if self == .zero { return "0ms" }
    let milliseconds = max(0, Int((self / .milliseconds(1)).rounded(.up)))
    if milliseconds < 1000 { return "\(milliseconds)ms" }
    let minutes = milliseconds / 60_000
    return (minutes > 0 ? "\(minutes)m" : "") + Self.seconds(milliseconds % 60_000) + "s"
  }

  /// Seconds with up to three decimals, without trailing zeros.
  private static func seconds(_ milliseconds: Int) -> String {
    guard milliseconds % 1000 > 0 else { return "\(milliseconds / 1000)" }
    let decimals = String(String(1000 + milliseconds % 1000).dropFirst().reversed().drop { $0 == "0" }.reversed())
    return "\(milliseconds / 1000).\(decimals)"
  }
}
