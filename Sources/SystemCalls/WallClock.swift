import Glibc

/// The time of day as a value, so that tests need no sleep. Shared memory outlives processes, so it cannot use a monotonic clock.
package struct WallClock: Sendable {
  /// Nanoseconds since 1970-01-01T00:00:00Z, from 0 to ``last``. A clock outside this range returns its nearest bound, so that durations of up to
  /// ten years can be added to a time, and any two times subtracted, without overflow.
  package let now: @Sendable () -> Int64

  package init(now: @escaping @Sendable () -> Int64) { self.now = { min(max(now(), 0), Self.last) } }

  package static let system = WallClock {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return nanoseconds(seconds: time.tv_sec, and: time.tv_nsec)
  }

  package static let nanosecondsPerSecond: Int64 = 1_000_000_000

  /// In 2252, ten years before the last nanosecond that 64 bits can count.
  package static let last = Int64.max - 3653 * 86_400 * nanosecondsPerSecond

  /// Converts seconds and nanoseconds to nanoseconds, saturating on overflow.
  package static func nanoseconds(seconds: Int, and rest: Int) -> Int64 {
    let (whole, overflows) = Int64(seconds).multipliedReportingOverflow(by: nanosecondsPerSecond)
    let (sum, sumOverflows) = whole.addingReportingOverflow(Int64(rest))
    return overflows || sumOverflows ? (seconds < 0 ? .min : .max) : sum
  }

  /// Seconds from one time to another. Both may be any number.
  package static func seconds(from start: Int64, to end: Int64) -> Double {
    let (difference, overflows) = end.subtractingReportingOverflow(start)
    return overflows ? Double(end) / 1e9 - Double(start) / 1e9 : Double(difference) / 1e9
  }
}

/// Formats an instant in UTC and in the C locale.
package enum UniversalTime {
  /// `YYYY-MM-DD HH:MM:SS`, as in a watermark.
  package static func timestamp(_ nanoseconds: Int64) -> String { text(nanoseconds, "%Y-%m-%d %H:%M:%S") }

  /// `Sun, 06 Nov 1994 08:49:37 GMT`, as in HTTP headers (RFC 9110, section 5.6.7).
  package static func httpDate(_ nanoseconds: Int64) -> String { text(nanoseconds, "%a, %d %b %Y %H:%M:%S GMT") }

  /// `1994-11-06T08:49:37.000Z`, to the millisecond (RFC 3339).
  package static func iso8601(_ nanoseconds: Int64) -> String {
    let rest = nanoseconds &- seconds(nanoseconds) &* WallClock.nanosecondsPerSecond
    let milliseconds = String(1000 + rest / 1_000_000)
    return text(nanoseconds, "%Y-%m-%dT%H:%M:%S") + ".\(milliseconds.dropFirst())Z"
  }

  /// Rounded down, also before 1970.
  private static func seconds(_ nanoseconds: Int64) -> Int64 {
    let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: WallClock.nanosecondsPerSecond)
    return remainder < 0 ? quotient - 1 : quotient
  }

  private static func text(_ nanoseconds: Int64, _ format: StaticString) -> String {
    var seconds = time_t(seconds(nanoseconds))
    var parts = unsafe tm()
    unsafe gmtime_r(&seconds, &parts)
    let format = unsafe UnsafeRawPointer(format.utf8Start).assumingMemoryBound(to: CChar.self)
    return unsafe String(unsafeUninitializedCapacity: 64) { buffer in
      unsafe buffer.withMemoryRebound(to: CChar.self) { unsafe strftime($0.baseAddress!, $0.count, format, &parts) }
    }
  }
}
