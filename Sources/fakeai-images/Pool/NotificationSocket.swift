import Glibc
import SystemCalls
import SystemPackage

/// The socket on which workers report their state, in systemd's protocol: a worker is the same program under both (sd_notify(3)).
struct NotificationSocket: ~Copyable {
  let descriptor: FileHandle
  let path: FilePath

  /// The environment variable with the path, for workers.
  static let variable = "NOTIFY_SOCKET"
  /// Characters of a worker's reason to end, which take up to four bytes each of the 4096 of a message.
  static let longestReason = 1000

  init(path: FilePath) throws(Errno) {
    let type = CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    let descriptor = FileHandle(owning: try systemCall { socket(AF_UNIX, type, 0) })
    try unsafe SocketAddress(unixPath: path).withPointer { address, length throws(Errno) in
      _ = try systemCall { unsafe bind(descriptor.rawValue, address, length) }
    }
    self.path = path
    self.descriptor = descriptor
  }

  /// The next message that names its sender. Others are skipped.
  func next() -> WorkerMessage? {
    while let text = nextText() {
      if let message = WorkerMessage(text) { return message }
    }
    return nil
  }

  private func nextText() -> String? {
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
      unsafe count = max(recv(descriptor.rawValue, buffer.baseAddress, buffer.count, 0), 0)
    }
    return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }
}

/// A worker's report of its state. Any message shows that the worker's loop is running.
struct WorkerMessage: Equatable {
  var process: pid_t
  /// Whether the worker reports that it accepts requests.
  var isReady: Bool
  /// The reason why the worker is about to end.
  var reason: String?

  static let reasonPrefix = "STATUS="

  /// - Parameter text: one line for each fact, including `MAINPID=…`.
  init?(_ text: String) {
    let lines = text.split(separator: "\n")
    guard let process = lines.first(where: { $0.hasPrefix("MAINPID=") }).flatMap({ pid_t($0.dropFirst("MAINPID=".count)) }) else {
      return nil
    }
    self.process = process
    isReady = lines.contains("READY=1")
    reason = lines.first { $0.hasPrefix(Self.reasonPrefix) }.map { String($0.dropFirst(Self.reasonPrefix.count)) }
  }
}
