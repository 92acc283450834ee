import Glibc

/// The steps between which a process may die. A test build (`-DFAILPOINTS`) can be told to kill itself at any of them, or to do there what
/// another process might do in between. In every other build ``crash(at:)`` is empty, and nothing of this remains.
package enum Failpoint: Int, CaseIterable, Sendable {
  case locked, removalHalfCounted, firstRaised, bytesHalfCopied, bytesCopied, slotHalfFilled, slotFilled, nextRaised
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
  /// What happens to this process at a failpoint, once. Read and written by one thread.
  package enum CrashPlan {
    nonisolated(unsafe) private static var plan: (point: Failpoint, passes: Int, action: () -> Void)?

    /// Kills this process at the failpoint.
    /// - Parameters:
    ///   - passes: the number of the pass of the failpoint at which to do so, from 1.
    ///   - lastWords: called before.
    package static func die(at point: Failpoint, pass passes: Int = 1, lastWords: @escaping () -> Void = {}) {
      interrupt(at: point, pass: passes) {
        lastWords()
        kill(getpid(), SIGKILL)
      }
    }

    /// Does something at the failpoint and continues, such as what another process does meanwhile, if that needs no lock that is held.
    package static func interrupt(at point: Failpoint, pass passes: Int = 1, with action: @escaping () -> Void) {
      unsafe plan = (point, passes, action)
    }

    /// Cancels a plan that has not been carried out.
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
