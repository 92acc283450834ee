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

/// A file descriptor that is closed when its owner is destroyed.
package struct FileHandle: ~Copyable {
  package let rawValue: CInt

  package init(owning rawValue: CInt) { self.rawValue = rawValue }

  /// Leaves closing the descriptor to the caller.
  package consuming func release() -> CInt {
    let value = rawValue
    discard self
    return value
  }

  deinit { _ = close(rawValue) }
}

/// Limits how long reading from a socket (`SO_RCVTIMEO`) or writing to it (`SO_SNDTIMEO`) may block.
package func bound(_ option: CInt, of socket: CInt, to limit: Duration) throws(Errno) {
  let (seconds, attoseconds) = limit.components
  var time = timeval(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
  try systemCall { unsafe setsockopt(socket, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size)) }
}
