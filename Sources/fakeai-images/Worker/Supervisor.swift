import Glibc
import SystemCalls
import SystemPackage

/// The process that started this worker, systemd or `serve`, and wants to know its state: sd_notify(3), sd_watchdog_enabled(3).
///
/// Each message is one datagram to a socket that the environment names. Without that variable, nothing is sent.
struct Supervisor {
  enum Message: String {
    /// The worker accepts requests.
    case ready = "READY=1"
    /// The loop is running and the renderer draws. systemd kills a worker that does not send this for too long.
    case alive = "WATCHDOG=1"
    /// The worker finishes the requests in flight and exits.
    case stopping = "STOPPING=1"
  }

  static let patienceVariable = "WATCHDOG_USEC"
  static let watchedVariable = "WATCHDOG_PID"

  /// The variable that is set if a worker that fails should send the reason to its supervisor instead of writing it to standard error: `serve`
  /// reports what all of its workers have in common once.
  static let reasonVariable = "FAKEAI_WORKER_REASON"

  /// The socket for messages; nil: none are sent.
  let path: FilePath?
  /// Whether the supervisor reports the reason of a failure, and what all workers have in common.
  let isReporter: Bool
  /// How often to send that the worker is alive; nil: never. A quarter of systemd's timeout, so that neither a late timer nor a job of
  /// several seconds ends a worker.
  let watchdogInterval: Duration?

  init(environment: [String: String], process: pid_t = getpid()) {
    path = environment[NotificationSocket.variable].map { FilePath($0) }
    isReporter = environment[Self.reasonVariable] != nil
    watchdogInterval = Self.watchdogPatience(environment, process).map { .microseconds($0) / 4 }
  }

  /// - Parameters:
  ///   - message: what to tell.
  ///   - patience: how long systemd should wait for the announced change, if its own limit is shorter.
  func tell(_ message: Message, patience: Duration? = nil) {
    guard let path else { return }
    let extent = patience.map { "\nEXTEND_TIMEOUT_USEC=\(Int64($0 / .microseconds(1)))" } ?? ""
    // The receiver has its own timeout; the worker serves either way.
    try? Self.send("\(message.rawValue)\nMAINPID=\(getpid())\(extent)", to: path)
  }

  /// Sends the reason why this worker ends.
  ///
  /// - Returns: whether the supervisor will report it.
  func tell(failure line: String) -> Bool {
    guard isReporter, let path else { return false }
    let text = String(line.prefix(NotificationSocket.longestReason))
    return (try? Self.send("\(WorkerMessage.reasonPrefix)\(text)\nMAINPID=\(getpid())", to: path)) != nil
  }

  /// The timeout in microseconds; nil without a watchdog, or if the variables were inherited from another process.
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
