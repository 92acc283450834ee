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
  ///
  /// Every image that is served has two of these, and `strftime` would take ten times as long.
  package static func httpDate(_ nanoseconds: Int64) -> String {
    let parts = unsafe parts(nanoseconds)
    return text("Sun, 00 Jan 0000 00:00:00 GMT") { date in
      unsafe date.set("SunMonTueWedThuFriSat", part: parts.tm_wday, at: 0)
      unsafe date.add(parts.tm_mday, digits: 2, at: 5)
      unsafe date.set("JanFebMarAprMayJunJulAugSepOctNovDec", part: parts.tm_mon, at: 8)
      // From 1677 to 2262.
      unsafe date.add(parts.tm_year + 1900, digits: 4, at: 12)
      unsafe date.add(parts.tm_hour, digits: 2, at: 17)
      unsafe date.add(parts.tm_min, digits: 2, at: 20)
      unsafe date.add(parts.tm_sec, digits: 2, at: 23)
    }
  }

  /// `1994-11-06T08:49:37.000Z`, to the millisecond (RFC 3339). Each entry of the journal has one.
  package static func iso8601(_ nanoseconds: Int64) -> String {
    let rest = nanoseconds &- seconds(nanoseconds) &* WallClock.nanosecondsPerSecond
    let parts = unsafe parts(nanoseconds)
    return text("0000-00-00T00:00:00.000Z") { date in
      // From 1677 to 2262.
      unsafe date.add(parts.tm_year + 1900, digits: 4, at: 0)
      unsafe date.add(parts.tm_mon + 1, digits: 2, at: 5)
      unsafe date.add(parts.tm_mday, digits: 2, at: 8)
      unsafe date.add(parts.tm_hour, digits: 2, at: 11)
      unsafe date.add(parts.tm_min, digits: 2, at: 14)
      unsafe date.add(parts.tm_sec, digits: 2, at: 17)
      date.add(CInt(rest / 1_000_000), digits: 3, at: 20)
    }
  }

  /// Rounded down, also before 1970.
  private static func seconds(_ nanoseconds: Int64) -> Int64 {
    let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: WallClock.nanosecondsPerSecond)
    return remainder < 0 ? quotient - 1 : quotient
  }

  private static func parts(_ nanoseconds: Int64) -> tm {
    var seconds = time_t(seconds(nanoseconds))
    var parts = unsafe tm()
    unsafe gmtime_r(&seconds, &parts)
    return unsafe parts
  }

  /// A text like a template, in whose place a closure puts digits and names.
  private static func text(_ template: StaticString, _ fill: (inout MutableSpan<UInt8>) -> Void) -> String {
    unsafe String(unsafeUninitializedCapacity: template.utf8CodeUnitCount) { text in
      for place in 0..<template.utf8CodeUnitCount { unsafe text[place] = template.utf8Start[place] }
      var span = unsafe MutableSpan(_unsafeElements: text)
      fill(&span)
      return template.utf8CodeUnitCount
    }
  }

  private static func text(_ nanoseconds: Int64, _ format: StaticString) -> String {
    var parts = unsafe parts(nanoseconds)
    let format = unsafe UnsafeRawPointer(format.utf8Start).assumingMemoryBound(to: CChar.self)
    return unsafe String(unsafeUninitializedCapacity: 64) { buffer in
      unsafe buffer.withMemoryRebound(to: CChar.self) { unsafe strftime($0.baseAddress!, $0.count, format, &parts) }
    }
  }
}

extension MutableSpan<UInt8> {
  /// Adds a number to as many zeroes at a place.
  fileprivate mutating func add(_ number: CInt, digits: Int, at place: Int) {
    var rest = number
    for offset in (0..<digits).reversed() {
      self[place + offset] += UInt8(rest % 10)
      rest /= 10
    }
  }

  /// Puts one of several names of three letters at a place.
  fileprivate mutating func set(_ names: StaticString, part: CInt, at place: Int) {
    for offset in 0..<3 { self[place + offset] = unsafe names.utf8Start[3 * Int(part) + offset] }
  }
}
