import Glibc
import SystemCalls
import SystemPackage

/// Where workers say that they are ready, in systemd's words: a worker is the same program under either (sd_notify(3)).
struct NotificationSocket: ~Copyable {
  let descriptor: FileHandle
  let path: FilePath

  /// The variable that tells a worker the path.
  static let variable = "NOTIFY_SOCKET"

  init(path: FilePath) throws(Errno) {
    let type = CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    let descriptor = FileHandle(owning: try systemCall { socket(AF_UNIX, type, 0) })
    try unsafe SocketAddress(unixPath: path).withPointer { address, length throws(Errno) in
      _ = try systemCall { unsafe bind(descriptor.rawValue, address, length) }
    }
    self.path = path
    self.descriptor = descriptor
  }

  /// The next process that has said it is ready. Messages of other content are passed over.
  func nextReadyProcess() -> pid_t? {
    while let message = nextMessage() {
      if let process = Self.readyProcess(in: message) { return process }
    }
    return nil
  }

  /// `READY=1` and `MAINPID=…` of one message, which has a line for each.
  static func readyProcess(in message: String) -> pid_t? {
    let lines = message.split(separator: "\n")
    guard lines.contains("READY=1") else { return nil }
    return lines.first { $0.hasPrefix("MAINPID=") }.flatMap { pid_t($0.dropFirst("MAINPID=".count)) }
  }

  private func nextMessage() -> String? {
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
      unsafe count = max(recv(descriptor.rawValue, buffer.baseAddress, buffer.count, 0), 0)
    }
    return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }
}
