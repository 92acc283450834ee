import Glibc
import Synchronization

/// Ports that nobody uses: below those that the kernel gives to outgoing connections, with the one 10,000 above for a Cluster's bus.
package enum Ports {
  private static let given = Mutex<Set<UInt16>>([])

  package static func free() -> UInt16 {
    while true {
      let port = UInt16.random(in: 12_000..<22_000)
      guard isFree(port), isFree(port + 10_000), given.withLock({ $0.insert(port).inserted }) else { continue }
      return port
    }
  }

  private static func isFree(_ port: UInt16) -> Bool {
    let socket = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 }
    }
  }
}
