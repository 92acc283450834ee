/// What may be used only so often a minute. The raw value is its name in headers (`x-ratelimit-limit-requests`) and in errors.
package enum RateLimitKind: String, Sendable, CaseIterable {
  case requests, images
}
