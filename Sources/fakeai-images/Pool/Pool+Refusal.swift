import CPOSIX
import Glibc
import Logging
import SystemCalls

extension Pool {
  /// Whether no worker serves or is likely to serve soon, for example because the file of keys is missing. While a worker is merely being
  /// restarted, requests wait in the socket for a moment; without any worker they would wait until their clients give up.
  var isDown: Bool {
    let now = Instant.now
    return processes.allSatisfy { $0.role == .nginx || $0.isDown(at: now) }
  }

  /// Closes the connections that wait for a worker, so that nginx sends 502 at once.
  mutating func refuseWhileDown() {
    let wasRefusing = isRefusing
    isRefusing = hasAnswered && isDown
    if isRefusing != wasRefusing, stopRequests == 0 {
      if isRefusing {
        logger.error("no worker starts; requests are rejected until one does")
      } else {
        logger.notice("a worker is ready; requests are accepted again")
      }
    }
    guard isRefusing else { return }
    // Bounded, so that many connections do not delay everything else.
    for _ in 0..<256 {
      let connection = cposix_accept(sockets.back.descriptor.rawValue)
      guard connection >= 0 else { return }
      close(connection)
    }
  }
}
