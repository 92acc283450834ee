import Glibc

/// The steps between which a process may die. A test build (`-DCRASH_POINTS`) can be told to kill itself at any of them; in every other
/// build ``crash(at:)`` is empty and nothing of this is left.
package enum CrashPoint: Int, CaseIterable, Sendable {
  case locked, firstRaised, bytesHalfCopied, bytesCopied, slotHalfFilled, slotFilled, nextRaised
  case sweepLocked, sweepRaised
  case opened, allocated, mapped, initialised, stamped, finished
}

@inline(__always) func crash(at point: CrashPoint) {
  #if CRASH_POINTS
    CrashPlan.reached(point)
  #endif
}

#if CRASH_POINTS
  /// When this process kills itself. Read and written by one thread.
  package enum CrashPlan {
    /// The point, how often it is passed before, and what is done with the last breath.
    nonisolated(unsafe) private static var plan: (point: CrashPoint, passes: Int, lastWords: (CrashPoint) -> Void)?

    package static func arm(_ point: CrashPoint, after passes: Int, lastWords: @escaping (CrashPoint) -> Void) {
      unsafe plan = (point, passes, lastWords)
    }

    fileprivate static func reached(_ point: CrashPoint) {
      guard let armed = unsafe plan, armed.point == point else { return }
      unsafe plan!.passes -= 1
      guard armed.passes == 0 else { return }
      armed.lastWords(point)
      kill(getpid(), SIGKILL)
    }
  }
#endif
