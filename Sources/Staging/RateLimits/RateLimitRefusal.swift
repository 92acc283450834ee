/// Why units were not given.
package struct RateLimitRefusal: Error, Equatable {
  package var status: RateLimitStatus
  package var requested: Int
  /// After how long as many as were requested will be there; for more than the whole limit, which never will, until it is free again.
  package var wait: Duration
}
