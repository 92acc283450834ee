import Glibc
import SystemCalls
import SystemPackage

/// A process that the pool keeps running: nginx or a worker.
struct SupervisedProcess {
  enum Role: Hashable, CustomStringConvertible {
    case nginx
    /// No two live workers have the same number, including workers that are about to exit.
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
    /// It ended, or could not be started, and will be started at that time.
    case waiting(until: Instant)
  }

  let role: Role
  let launch: ProcessLaunch
  private(set) var state = State.waiting(until: .now)
  private(set) var backoff = Backoff()
  /// Whether the process has reported that it accepts requests.
  private(set) var isReady = false
  /// How often in a row it ended, or could not be started, before it was ready.
  private(set) var failedStarts = 0
  /// How it ended last, if it has.
  private(set) var lastEnd: ProcessEnd?
  /// The reason that it gave before it ended last, or the one why it could not be started.
  private(set) var reason: String?
  /// Watches over a worker; nginx needs none.
  private(set) var watchdog: Watchdog?
  /// Whether it should end and not be restarted.
  var isLeaving = false

  init(_ role: Role, launch: ProcessLaunch, watchdog: Watchdog? = nil) {
    self.role = role
    self.launch = launch
    self.watchdog = watchdog
  }

  var process: pid_t? {
    if case .running(let process, _) = state { process } else { nil }
  }

  /// When it will be started, if it is not running.
  var due: Instant? {
    if case .waiting(let instant) = state { instant } else { nil }
  }

  mutating func start(at now: Instant) throws(Errno) {
    do {
      state = .running(process: try launch.start(), since: now)
      reason = nil
      watchdog?.began(at: now)
    } catch {
      failedStarts += 1
      (lastEnd, reason) = (nil, "it cannot be started: \(error)")
      state = .waiting(until: now + backoff.delay(afterLifetime: .zero, wasReady: false))
      throw error
    }
  }

  /// Records the end of the process and schedules the next start.
  ///
  /// - Returns: the time until then.
  mutating func ended(at now: Instant, _ end: ProcessEnd) -> Duration {
    guard case .running(_, let since) = state else { return .zero }
    lastEnd = end
    let delay = backoff.delay(afterLifetime: now - since, wasReady: isReady)
    state = .waiting(until: now + delay)
    if !isReady { failedStarts += 1 }
    isReady = false
    return delay
  }

  /// Records a message, which shows that the process is running.
  mutating func said(_ message: WorkerMessage, at now: Instant) {
    if message.isReady { (isReady, failedStarts) = (true, 0) }
    if let reason = message.reason { self.reason = reason }
    watchdog?.heard(at: now, isReady: isReady)
  }

  /// Restarts the watchdog's timeout, because this process did not read messages for a while.
  mutating func forgiveSilence(at now: Instant) { watchdog?.heard(at: now, isReady: isReady) }

  /// What to do now if the process has been silent for too long.
  mutating func watch(at now: Instant) -> Watchdog.Verdict? { process == nil ? nil : watchdog?.verdict(at: now) }

  /// Whether the process does not serve and most likely will not, because it failed to start repeatedly.
  func isDown(at now: Instant) -> Bool {
    guard failedStarts >= 2 else { return false }
    guard case .running(_, let since) = state else { return true }
    // A worker that sends no message but lives this long is taken to be ready.
    return !isReady && now - since < .seconds(5)
  }

  /// Sends a signal to the whole group of the process, nginx's workers included.
  func send(_ signal: CInt, toGroup: Bool = false) {
    // A process that has just ended needs no signal.
    if let process { _ = kill(toGroup ? -process : process, signal) }
  }
}
