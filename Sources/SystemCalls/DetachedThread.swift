import Glibc
package import SystemPackage

/// Runs a closure on a new detached thread, in which all signals are blocked but those of its own mistakes: the others are for the thread that
/// reads them, see ``SignalDescriptor``, even if it comes to block them only later.
package func detachThread(_ body: @escaping @Sendable () -> Void) throws(Errno) {
  final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  let work = unsafe Unmanaged.passRetained(Work(body))
  var thread = pthread_t()
  var (all, usual) = (sigset_t(), sigset_t())
  unsafe sigfillset(&all)
  for signal in [SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT] { unsafe sigdelset(&all, signal) }
  unsafe pthread_sigmask(SIG_SETMASK, &all, &usual)
  defer { _ = unsafe pthread_sigmask(SIG_SETMASK, &usual, nil) }
  do throws(Errno) {
    try systemCode {
      unsafe pthread_create(
        &thread, nil,
        { argument in
          unsafe Unmanaged<Work>.fromOpaque(argument!).takeRetainedValue().body()
          return nil
        }, unsafe work.toOpaque())
    }
  } catch {
    unsafe work.release()
    throw error
  }
  pthread_detach(thread)
}

/// Lets all other threads of the same user go first, those of this process included: sets the nice value of the calling thread, from 0
/// (usual) to 19. Linux has a value for each thread (sched(7)). A system that refuses it is merely less responsive, so errors are ignored.
package func lowerPriority(to niceness: CInt) { _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness) }
