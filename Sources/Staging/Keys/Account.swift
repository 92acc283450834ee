/// What a key opens: how it stands, and how much it may use.
package struct Account: Sendable, Equatable {
  package var state = KeyState.ok
  /// The key's own limits, in units a minute. What is not here counts against the limit for all.
  package var limits: [RateLimitKind: Int] = [:]
  /// Names the key's own buckets; "": it has none.
  package var bucket = ""

  package init(state: KeyState = .ok, limits: [RateLimitKind: Int] = [:], bucket: String = "") {
    self.state = state
    self.limits = limits
    self.bucket = bucket
  }

  /// Images a minute by usage tier, from tier 1 (OpenAI's published limits for its image models).
  package static let imagesPerMinuteByTier = [5, 20, 50, 150, 250]
}
