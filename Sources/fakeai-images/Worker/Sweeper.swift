import Glibc
import ImagesAPI
import SystemCalls
import SystemPackage

/// Removes expired images periodically, on a thread of its own: sweeping takes the store's lock, for which the loop must not wait.
///
/// It lives as long as the process.
final class Sweeper: Sendable {
  private let service: ImagesService
  private let interval: Duration

  init(of service: ImagesService, every interval: Duration) {
    self.service = service
    self.interval = interval
  }

  func start() throws(Errno) { try detachThread { self.run() } }

  private func run() -> Never {
    while true {
      sleep(UInt32(interval.components.seconds))
      service.sweep()
    }
  }
}
