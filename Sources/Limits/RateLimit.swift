/// What may be used only so often a minute. The raw value names its buckets: never rename.
package enum RateLimitKind: String, Sendable, CaseIterable {
  case requests, images
}

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

/// Why units were not given.
package struct RateLimitRefusal: Error, Equatable {
  package var status: RateLimitStatus
  package var requested: Int
  /// After how long as many as were requested will be there; for more than the whole limit, which never will, until it is free again.
  package var wait: Duration
}

/// How units come back that were used.
package enum RefillPolicy: String, Sendable, CaseIterable {
  /// One after the other, as with the real API: of 5 a minute, one every 12 s.
  case continuous
  /// All at once, a minute after the first was used: so what is let through in one burst can be counted to the request.
  case minute
}
