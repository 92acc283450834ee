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
