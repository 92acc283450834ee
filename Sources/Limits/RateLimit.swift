/// The units that are limited per minute. The raw value is part of the names of buckets: never rename.
package enum RateLimitKind: String, Sendable, CaseIterable {
  case requests, images
}

/// The state of one key's limit at one moment.
package struct RateLimitStatus: Sendable, Equatable {
  package var kind: RateLimitKind
  /// Units per minute.
  package var limit: Int
  /// Units that are available at once.
  package var remaining: Int
  /// Time until all of ``limit`` is available.
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

/// The reason that units were refused.
package struct RateLimitRefusal: Error, Equatable {
  package var status: RateLimitStatus
  package var requested: Int
  /// Time until the requested units are available or, if the request exceeds the limit, until the bucket is full.
  package var wait: Duration
}

/// How used units are refilled.
package enum RefillPolicy: String, Sendable, CaseIterable {
  /// One at a time, as with the real API: with a limit of 5 per minute, one every 12 s.
  case continuous
  /// All at once, a minute after the first was used. The number of requests admitted in one burst is therefore exact.
  case minute
}
