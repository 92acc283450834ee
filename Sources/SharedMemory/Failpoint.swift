import Glibc

/// The steps between which a process may die. A test build (`-DCRASH_POINTS`) can be told to kill itself at any of them, or to do there
/// what another process might do in between; in every other build ``crash(at:)`` is empty and nothing of this is left.
package enum Failpoint: Int, CaseIterable, Sendable {
  case locked, firstRaised, bytesHalfCopied, bytesCopied, slotHalfFilled, slotFilled, nextRaised
  case sweepLocked, sweepRaised
  case slotRead, bytesRead
  case opened, allocated, mapped, initialised, stamped, finished
}

@inline(__always) func crash(at point: Failpoint) {
  #if FAILPOINTS
    CrashPlan.reached(point)
  #endif
}

#if FAILPOINTS
  /// What happens to this process at a crash point, once. Read and written by one thread.
  package enum CrashPlan {
    nonisolated(unsafe) private static var plan: (point: Failpoint, passes: Int, action: () -> Void)?

    /// Kills this process at the point.
    /// - Parameters:
    ///   - passes: which pass of the point it is, from 1.
    ///   - lastWords: what is done before.
    package static func die(at point: Failpoint, pass passes: Int = 1, lastWords: @escaping () -> Void = {}) {
      interrupt(at: point, pass: passes) {
        lastWords()
        kill(getpid(), SIGKILL)
      }
    }

    /// Does something at the point and goes on: what another process does meanwhile, as far as it needs no lock that is held.
    package static func interrupt(at point: Failpoint, pass passes: Int = 1, with action: @escaping () -> Void) {
      unsafe plan = (point, passes, action)
    }

    /// Forgets what was planned and has not happened.
    package static func cancel() { unsafe plan = nil }

    fileprivate static func reached(_ point: Failpoint) {
      guard let armed = unsafe plan, armed.point == point else { return }
      unsafe plan!.passes -= 1
      guard armed.passes == 1 else { return }
      cancel()
      armed.action()
    }
  }
#endif
