import CFastCGI
import Glibc

/// Reads requests from connections with libfcgi's parser.
///
/// libfcgi expects to own its connections: to accept them, and to block on the ones it keeps. The loop watches them instead. This file
/// therefore uses public fields of `FCGX_Request` in a way that the library does not document: it stores a connected descriptor in `ipcFd`,
/// marks it as kept, and calls `FCGX_Accept_r`, which then parses from it. With `listen_sock` at -1, libfcgi cannot accept a connection
/// itself, so it returns an error at the end of the connection instead of waiting for another one. Responses are not written by libfcgi:
/// `FCGX_Free` without closing drops its writers.
struct RequestReader: ~Copyable {
  private let bodyLimit: Int
  private let parameters = ParameterGuard()

  /// - Parameter bodyLimit: bytes of the largest body that is read.
  init(bodyLimit: Int) {
    self.bodyLimit = bodyLimit
    // libfcgi waits up to 2 s for the peer when it closes a connection; the loop must not block that long.
    unsafe setenv("LIBFCGI_OS_CLOSE_POLL_TIMEOUT", "0", 1)
    FCGX_Init()
  }

  /// Reads the head of one request from a descriptor that is readable. Blocks for at most the descriptor's SO_RCVTIMEO.
  ///
  /// - Parameter patience: how long to wait for the rest of the head.
  /// - Returns: nil if the connection has ended or the bytes are not acceptable; the descriptor is closed then.
  borrowing func accept(from descriptor: CInt, patience: Duration) -> UnreadRequest? {
    guard parameters.accepts(descriptor, patience: patience) else {
      close(descriptor)
      return nil
    }
    let request = UnsafeMutablePointer<FCGX_Request>.allocate(capacity: 1)
    unsafe FCGX_InitRequest(request, -1, 0)
    unsafe request.pointee.ipcFd = descriptor
    unsafe request.pointee.keepConnection = 1
    guard unsafe FCGX_Accept_r(request) == 0 else {
      unsafe request.deallocate()
      return nil
    }
    return unsafe UnreadRequest(request, bodyLimit: bodyLimit)
  }
}
