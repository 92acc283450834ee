import Glibc

/// Time of day as a value, so that tests need no sleep. Shared memory outlives processes, hence no monotonic clock there.
package struct WallClock: Sendable {
  /// Nanoseconds since 1970-01-01T00:00:00Z.
  package let now: @Sendable () -> Int64

  package init(now: @escaping @Sendable () -> Int64) { self.now = now }

  package static let system = WallClock {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * nanosecondsPerSecond + Int64(time.tv_nsec)
  }

  package static let nanosecondsPerSecond: Int64 = 1_000_000_000
}
