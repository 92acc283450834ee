import Glibc
import SystemPackage

/// The sockets that a pool's processes inherit, and the directory that holds the pool's files.
struct PoolSockets: ~Copyable {
  /// The TCP sockets for clients.
  let front: FrontSockets
  /// Only its owner can enter it; it is removed with the pool.
  let directory: TemporaryDirectory
  /// From nginx to the workers.
  let back: ListeningSocket
  static let backName: FilePath.Component = "worker.sock"
  /// From the workers to the pool.
  let notifications: NotificationSocket

  init(hosts: [String], port: UInt16, parent: FilePath = Executable.temporaryDirectory) throws(CommandFailure) {
    let front = try FrontSockets(hosts: hosts, port: port)
    let directory = try orFail("cannot create a directory for sockets in \(parent) (change it with TMPDIR)") { () throws(Errno) in
      try TemporaryDirectory(in: parent)
    }
    let backPath = directory.path.appending(Self.backName)
    let back = try orFail("cannot listen on \(backPath)") { () throws(Errno) in try ListeningSocket(unixPath: backPath) }
    let notifications = try orFail("cannot create a socket in \(directory.path)") { () throws(Errno) in
      try NotificationSocket(path: directory.path.appending("notify.sock"))
    }
    self.front = front
    self.directory = directory
    self.back = back
    self.notifications = notifications
  }
}
