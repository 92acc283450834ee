import Glibc
package import SystemPackage

/// Wraps every system call that returns -1 on failure: retries EINTR and throws any other `errno`.
@discardableResult
package func systemCall<Result: SignedInteger>(_ call: () -> Result) throws(Errno) -> Result {
  while true {
    let result = call()
    if result != -1 { return result }
    let error = Errno(rawValue: errno)
    if error != .interrupted { throw error }
  }
}

/// Wraps calls that return the error itself instead of setting `errno` (posix_fallocate, pthread_…).
package func systemCode(_ call: () -> CInt) throws(Errno) {
  while true {
    let code = call()
    if code == 0 { return }
    if code != EINTR { throw Errno(rawValue: code) }
  }
}
