import Glibc
import SystemPackage

/// One process that is kept running: nginx, or a worker.
struct SupervisedProcess {
  typealias Instant = ContinuousClock.Instant

  enum Role: Hashable, CustomStringConvertible {
    case nginx
    /// No two live workers have one number, those that are about to leave included.
    case worker(number: Int)

    var description: String {
      switch self {
      case .nginx: "nginx"
      case .worker(let number): "worker \(number)"
      }
    }
  }

  enum State: Equatable {
    case running(process: pid_t, since: Instant)
    /// It ended, or could not be started, and is started again then.
    case waiting(until: Instant)
  }

  let role: Role
  let launch: ProcessLaunch
  private(set) var state = State.waiting(until: .now)
  private(set) var backoff = Backoff()
  /// Whether the process has said that it accepts requests.
  private(set) var isReady = false
  /// Whether it is to end, and not to be started again.
  var isLeaving = false

  init(_ role: Role, launch: ProcessLaunch) {
    self.role = role
    self.launch = launch
  }

  var process: pid_t? {
    if case .running(let process, _) = state { process } else { nil }
  }

  /// When it is to be started, where it is not running.
  var due: Instant? {
    if case .waiting(let instant) = state { instant } else { nil }
  }

  mutating func start(at now: Instant) throws(Errno) {
    do {
      state = .running(process: try launch.start(), since: now)
    } catch {
      state = .waiting(until: now + backoff.delay(afterLifetime: .zero, wasReady: false))
      throw error
    }
  }

  /// Takes note of the end and plans the next start.
  ///
  /// - Returns: the time until then.
  mutating func ended(at now: Instant) -> Duration {
    guard case .running(_, let since) = state else { return .zero }
    let delay = backoff.delay(afterLifetime: now - since, wasReady: isReady)
    state = .waiting(until: now + delay)
    isReady = false
    return delay
  }

  mutating func becameReady() { isReady = true }

  /// Sends a signal to the whole group of the process, nginx's workers included.
  func send(_ signal: CInt, toGroup: Bool = false) {
    // A process that has just ended needs no signal.
    if let process { _ = kill(toGroup ? -process : process, signal) }
  }
}
