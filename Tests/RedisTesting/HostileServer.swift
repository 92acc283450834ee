import Glibc
import SystemCalls

/// A server that says the same to everybody, and closes the connection.
package final class HostileServer: Sendable {
  package let port = Ports.free()
  private let listener: FileHandle

  package init(saying text: String) throws {
    listener = FileHandle(owning: socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
    let descriptor = listener.rawValue
    try systemCall {
      withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
      }
    }
    try systemCall { listen(descriptor, 16) }
    try detachThread {
      while case let connection = accept(descriptor, nil, nil), connection >= 0 {
        let bytes = Array(text.utf8)
        send(connection, bytes, bytes.count, CInt(MSG_NOSIGNAL))
        usleep(20_000)
        close(connection)
      }
    }
  }

  deinit { shutdown(listener.rawValue, CInt(SHUT_RDWR)) }
}
