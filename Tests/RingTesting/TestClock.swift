import Synchronization
package import SystemCalls

/// A clock that the test sets. It begins a microsecond after 1970.
package final class TestClock: Sendable {
  private let time = Mutex<Int64>(1_000)

  package init() {}

  package var clock: WallClock { WallClock { self.time.withLock { $0 } } }

  package func set(_ now: Int64) { time.withLock { $0 = now } }

  package func wait(hours: Double) { time.withLock { $0 += Int64(hours * 3.6e12) } }
}
