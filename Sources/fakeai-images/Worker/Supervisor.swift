import Glibc
import SystemCalls
import SystemPackage

/// Who started this worker, systemd or `serve`, and wants to hear how it is: sd_notify(3), sd_watchdog_enabled(3).
///
/// Each message is one datagram to a socket that the environment names. Without one, nobody wants to hear anything.
struct Supervisor {
  enum Message: String {
    /// It accepts requests.
    case ready = "READY=1"
    /// Its loop turns and its renderer draws. systemd kills a worker from which this is missing for too long.
    case alive = "WATCHDOG=1"
    /// It finishes what is in flight and ends.
    case stopping = "STOPPING=1"
  }

  static let patienceVariable = "WATCHDOG_USEC"
  static let watchedVariable = "WATCHDOG_PID"

  /// Where messages go; nil: nowhere.
  let path: FilePath?
  /// How often to say that it is alive; nil: never. A quarter of the time after which systemd loses its patience, so that neither a late
  /// timer nor a job that takes several seconds is the end of a worker.
  let watchdogInterval: Duration?

  init(environment: [String: String], process: pid_t = getpid()) {
    path = environment[NotificationSocket.variable].map { FilePath($0) }
    watchdogInterval = Self.watchdogPatience(environment, process).map { .microseconds($0) / 4 }
  }

  /// `patience` is for how long systemd is to wait for what was announced, where its own limit is shorter.
  func tell(_ message: Message, patience: Duration? = nil) {
    guard let path else { return }
    let extent = patience.map { "\nEXTEND_TIMEOUT_USEC=\(Int64($0 / .microseconds(1)))" } ?? ""
    // Whoever waits for the message has a limit of its own; the worker serves either way.
    try? Self.send("\(message.rawValue)\nMAINPID=\(getpid())\(extent)", to: path)
  }

  /// Microseconds; nil where there is no watchdog, or where it watches another process, of which the variables were inherited.
  private static func watchdogPatience(_ environment: [String: String], _ process: pid_t) -> Int64? {
    if let watched = environment[watchedVariable], watched != "\(process)" { return nil }
    return environment[patienceVariable].flatMap { Int64($0) }.flatMap { $0 > 0 ? $0 : nil }
  }

  private static func send(_ message: String, to path: FilePath) throws(Errno) {
    let type = CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    let socket = FileHandle(owning: try systemCall { Glibc.socket(AF_UNIX, type, 0) })
    let bytes = Array(message.utf8)
    try unsafe SocketAddress(unixPath: path).withPointer { address, length throws(Errno) in
      _ = try systemCall { unsafe sendto(socket.rawValue, bytes, bytes.count, CInt(MSG_NOSIGNAL), address, length) }
    }
  }
}
