import Glibc
package import SystemPackage

/// Limits how long reading from a socket (`SO_RCVTIMEO`) or writing to it (`SO_SNDTIMEO`) may block.
package func bound(_ option: CInt, of socket: CInt, to limit: Duration) throws(Errno) {
  let (seconds, attoseconds) = limit.components
  var time = timeval(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
  try systemCall { unsafe setsockopt(socket, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size)) }
}
