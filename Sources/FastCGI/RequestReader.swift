import CFastCGI
import Glibc

/// Reads requests off connections with libfcgi's parser.
///
/// libfcgi means to own its connections: to accept them, and to block on the kept ones. The loop watches them instead, so this file uses
/// public fields of `FCGX_Request` in a way that the library does not document: put a connected descriptor into `ipcFd`, claim that it is
/// kept, and call `FCGX_Accept_r`, which then parses from it. With `listen_sock` at -1 it can accept nothing itself, so it returns an error
/// where the connection ends instead of waiting for another one. Answers are ours: `FCGX_Free` without closing drops libfcgi's writers.
struct RequestReader: ~Copyable {
  private let bodyLimit: Int
  private let parameters = ParameterGuard()

  /// - Parameter bodyLimit: bytes of the largest body that is read.
  init(bodyLimit: Int) {
    self.bodyLimit = bodyLimit
    // libfcgi waits up to 2 s for the peer when it closes a connection; the loop must not.
    unsafe setenv("LIBFCGI_OS_CLOSE_POLL_TIMEOUT", "0", 1)
    FCGX_Init()
  }

  /// Reads the head of one request from a descriptor that is readable. Blocks for at most the descriptor's SO_RCVTIMEO.
  ///
  /// - Parameter patience: how long to wait for what is still to come of it.
  /// - Returns: nil where the connection ended or spoke something else, and is closed.
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
