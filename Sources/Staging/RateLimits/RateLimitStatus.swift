/// How a limit stands for one key at one moment.
package struct RateLimitStatus: Sendable, Equatable {
  package var kind: RateLimitKind
  /// Units a minute.
  package var limit: Int
  /// Units that may be had at once.
  package var remaining: Int
  /// Until all of ``limit`` may be had at once.
  package var reset: Duration

  package init(kind: RateLimitKind, limit: Int, remaining: Int, reset: Duration) {
    self.kind = kind
    self.limit = limit
    self.remaining = remaining
    self.reset = reset
  }

  /// Units in use.
  package var used: Int { limit - remaining }
}
