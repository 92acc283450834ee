/// What may be used only so often a minute. The raw value names its buckets: never rename.
package enum RateLimitKind: String, Sendable, CaseIterable {
  case requests, images
}
