import SystemPackage

/// What a pool's processes share: the sockets they inherit, and the directory in which everything of the pool is.
struct PoolSockets: ~Copyable {
  /// TCP, for clients.
  let front: ListeningSocket
  /// With the port that the kernel chose, where it was to choose.
  let address: SocketAddress
  /// Host and port as addresses write them: `127.0.0.1:8000`, `[::1]:8000`.
  let place: String
  /// Only its owner can enter it; goes with the pool.
  let directory: TemporaryDirectory
  /// From nginx to the workers.
  let back: ListeningSocket
  static let backName: FilePath.Component = "worker.sock"
  /// From the workers to the pool.
  let notifications: NotificationSocket

  init(host: String, port: UInt16, parent: FilePath = Executable.temporaryDirectory) throws(CommandFailure) {
    let front = try orFail("cannot listen on \(host) port \(port) (--host and --port name another place)") { () throws(Errno) in
      try ListeningSocket(host: host, port: port)
    }
    let address = try orFail("cannot tell the port") { () throws(Errno) in try front.address }
    let directory = try orFail("cannot make a directory for sockets in \(parent) (TMPDIR names another place)") { () throws(Errno) in
      try TemporaryDirectory(in: parent)
    }
    let backPath = directory.path.appending(Self.backName)
    let back = try orFail("cannot listen on \(backPath)") { () throws(Errno) in try ListeningSocket(unixPath: backPath) }
    let notifications = try orFail("cannot make a socket in \(directory.path)") { () throws(Errno) in
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
