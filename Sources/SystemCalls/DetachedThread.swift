import Glibc
package import SystemPackage

/// Runs a closure on a new detached thread.
package func detachThread(_ body: @escaping @Sendable () -> Void) throws(Errno) {
  final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  let work = unsafe Unmanaged.passRetained(Work(body))
  var thread = pthread_t()
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
