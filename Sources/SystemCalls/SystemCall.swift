import Glibc
package import SystemPackage

/// The one funnel for system calls that answer -1: retries EINTR and throws every other `errno`.
@discardableResult
package func systemCall<Result: SignedInteger>(_ call: () -> Result) throws(Errno) -> Result {
  while true {
    let result = call()
    if result != -1 { return result }
    let error = Errno(rawValue: errno)
    if error != .interrupted { throw error }
  }
}

/// The funnel for calls that answer the error itself instead of setting `errno` (posix_fallocate, pthread_…).
package func systemCode(_ call: () -> CInt) throws(Errno) {
  while true {
    let code = call()
    if code == 0 { return }
    if code != EINTR { throw Errno(rawValue: code) }
  }
}
