import Glibc

/// The listening socket that a worker was started with: systemd's first (`LISTEN_FDS`, sd_listen_fds(3)), otherwise standard input.
enum InheritedSocket {
  /// - Returns: the descriptor of a listening socket.
  static func find(environment: [String: String], process: pid_t = getpid()) throws(CommandFailure) -> CInt {
    let descriptor = fromSystemd(environment, process) ?? STDIN_FILENO
    guard isListening(descriptor) else {
      throw .usage(
        "file descriptor \(descriptor) is not a listening socket: `fakeai-images serve` or systemd starts workers; to start one by hand, "
          + "use systemd-socket-activate")
    }
    return descriptor
  }

  /// Distinguishes a socket from the others of this machine. All workers of a pool have the same socket, including those started later.
  static func identity(of descriptor: CInt) -> UInt64 {
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 ? UInt64(status.st_ino) : 0
  }

  private static func fromSystemd(_ environment: [String: String], _ process: pid_t) -> CInt? {
    guard let count = environment["LISTEN_FDS"].flatMap({ Int($0) }), count > 0, environment["LISTEN_PID"] == "\(process)" else {
      return nil
    }
    return 3
  }

  private static func isListening(_ descriptor: CInt) -> Bool {
    var isListening: CInt = 0
    var size = socklen_t(MemoryLayout<CInt>.size)
    return unsafe getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &size) == 0 && isListening != 0
  }
}
