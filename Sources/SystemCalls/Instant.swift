import Glibc

/// A time on the clock that never jumps and goes on while the machine sleeps (CLOCK_BOOTTIME). All processes of a machine have the same.
///
/// The same as `ContinuousClock.Instant`, of which the compiler does not know the size, so that every copy of a request, a reply or a response,
/// which have one each, would ask the runtime for it. The members are inlinable because the callers are in other modules.
package struct Instant: Sendable, Hashable, Comparable {
  /// Since the machine was started.
  @usableFromInline let uptime: Duration

  @inlinable init(uptime: Duration) { self.uptime = uptime }

  package static var now: Instant {
    var time = timespec()
    unsafe clock_gettime(CLOCK_BOOTTIME, &time)
    return Instant(uptime: Duration(secondsComponent: Int64(time.tv_sec), attosecondsComponent: Int64(time.tv_nsec) * 1_000_000_000))
  }

  @inlinable package static func + (instant: Instant, duration: Duration) -> Instant { Instant(uptime: instant.uptime + duration) }
  @inlinable package static func - (instant: Instant, duration: Duration) -> Instant { Instant(uptime: instant.uptime - duration) }
  @inlinable package static func - (end: Instant, start: Instant) -> Duration { end.uptime - start.uptime }
  @inlinable package static func += (instant: inout Instant, duration: Duration) { instant = instant + duration }
  @inlinable package func duration(to end: Instant) -> Duration { end - self }

  @inlinable package static func < (one: Instant, other: Instant) -> Bool { one.uptime < other.uptime }
}
