import Glibc

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
