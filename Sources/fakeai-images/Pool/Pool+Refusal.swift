import CPOSIX
import Glibc
import Logging
import SystemCalls

extension Pool {
  /// Whether no worker is left that serves or is likely to, such as when the file of keys is gone. One that is only being restarted keeps
  /// its requests waiting in the socket for a moment; here they would wait for as long as clients do.
  var isDown: Bool {
    let now = Instant.now
    return processes.allSatisfy { $0.role == .nginx || $0.isDown(at: now) }
  }

  /// Closes the connections that wait for a worker, so that nginx answers 502 at once.
  mutating func refuseWhileDown() {
    let wasRefusing = isRefusing
    isRefusing = hasAnswered && isDown
    if isRefusing != wasRefusing, stopRequests == 0 {
      if isRefusing {
        logger.error("no worker starts; requests are refused until one does")
      } else {
        logger.notice("a worker serves; requests are taken again")
      }
    }
    guard isRefusing else { return }
    // Bounded, so that nothing else waits for a crowd.
    for _ in 0..<256 {
      let connection = cposix_accept(sockets.back.descriptor.rawValue)
      guard connection >= 0 else { return }
      close(connection)
    }
  }
}
