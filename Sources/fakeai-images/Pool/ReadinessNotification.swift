import FoundationEssentials
import Glibc
import SystemCalls
import SystemPackage

/// What a worker says once it accepts requests, to systemd or to `serve`; without either it says nothing.
enum ReadinessNotification {
  static func send(environment: [String: String] = ProcessInfo.processInfo.environment) {
    guard let path = environment[NotificationSocket.variable] else { return }
    // Whoever waits for the message has a limit of its own; the worker serves either way.
    try? send("READY=1\nMAINPID=\(getpid())", to: FilePath(path))
  }

  private static func send(_ message: String, to path: FilePath) throws(Errno) {
    let socket = FileHandle(owning: try systemCall { Glibc.socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0) })
    let bytes = Array(message.utf8)
    try unsafe SocketAddress(unixPath: path).withPointer { address, length throws(Errno) in
      _ = try systemCall { unsafe sendto(socket.rawValue, bytes, bytes.count, CInt(MSG_NOSIGNAL), address, length) }
    }
  }
}
