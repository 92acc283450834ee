import Glibc
import SystemPackage

/// The sockets that a pool's processes inherit, and the directory that holds the pool's files.
struct PoolSockets: ~Copyable {
  /// The TCP socket for clients.
  let front: ListeningSocket
  /// The address with the actual port, if the kernel selected it.
  let address: SocketAddress
  /// Host and port as addresses write them: `127.0.0.1:8000`, `[::1]:8000`.
  let place: String
  /// Only its owner can enter it; it is removed with the pool.
  let directory: TemporaryDirectory
  /// From nginx to the workers.
  let back: ListeningSocket
  static let backName: FilePath.Component = "worker.sock"
  /// From the workers to the pool.
  let notifications: NotificationSocket

  init(host: String, port: UInt16, parent: FilePath = Executable.temporaryDirectory) throws(CommandFailure) {
    let needsRoot = (1..<1024).contains(port) && geteuid() != 0
    let advice = needsRoot ? "ports below 1024 need root or CAP_NET_BIND_SERVICE; change it with --port" : "change it with --host or --port"
    let front = try orFail("cannot listen on \(host) port \(port) (\(advice))") { () throws(Errno) in
      try ListeningSocket(host: host, port: port)
    }
    let address = try orFail("cannot determine the port") { () throws(Errno) in try front.address }
    let directory = try orFail("cannot create a directory for sockets in \(parent) (change it with TMPDIR)") { () throws(Errno) in
      try TemporaryDirectory(in: parent)
    }
    let backPath = directory.path.appending(Self.backName)
    let back = try orFail("cannot listen on \(backPath)") { () throws(Errno) in try ListeningSocket(unixPath: backPath) }
    let notifications = try orFail("cannot create a socket in \(directory.path)") { () throws(Errno) in
      try NotificationSocket(path: directory.path.appending("notify.sock"))
    }
    place = "\(host.contains(":") ? "[\(host)]" : host):\(address.port)"
    self.front = front
    self.address = address
    self.directory = directory
    self.back = back
    self.notifications = notifications
  }
}
