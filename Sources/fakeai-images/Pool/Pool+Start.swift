import Glibc
import SystemCalls
import SystemPackage

extension Pool {
  /// Waits until a worker answers through nginx, or the pool is told to stop.
  ///
  /// - Throws: the reason, if nginx ended, or if one worker ended so often that another start would be futile.
  mutating func awaitFirstAnswer() throws(CommandFailure) {
    while stopRequests == 0 {
      turn(until: .now + .milliseconds(20))
      for process in processes where process.backoff.quickEnds >= patience(with: process) {
        throw process.startFailure
      }
      if ReadinessProbe.answers(at: sockets.front.probe) { return }
    }
  }

  /// A worker can fail for a temporary reason, such as a store that another process is creating. Neither nginx's configuration nor a setting
  /// changes.
  private func patience(with process: SupervisedProcess) -> Int {
    switch process.role {
    case .nginx: 1
    case .worker: process.lastEnd == .status(CommandFailure.usage("").status) ? 1 : 5
    }
  }
}

extension SupervisedProcess {
  /// Why the process does not start, as the failure of the pool.
  fileprivate var startFailure: CommandFailure {
    // A worker that ends without a failure does not serve either.
    let status: CInt = if case .status(let status) = lastEnd, status != 0 { status } else { EXIT_FAILURE }
    switch (role, lastEnd) {
    case (.worker, .status):
      return CommandFailure(reason ?? "\(role) does not start and ends with \(lastEnd!)", status: status)
    case (.nginx, .status):
      // To the same standard error, and before this line.
      return CommandFailure("nginx does not start (\(launch.path) ended with \(lastEnd!)); its own message is above", status: status)
    default:
      return CommandFailure("\(role) does not start: \(reason ?? "it ended with \(lastEnd.map { "\($0)" } ?? "no status")")")
    }
  }
}

/// The delay before a process that ended is started again.
///
/// A process is restarted at once. If it repeatedly ends within a second of its start, the delay is 100 ms, 200 ms, … up to 5 s, so that a
/// pool that cannot start neither burns a core nor floods its log.
///
/// A process that had reported that it is ready did not fail to start. It is restarted at most ten times a second, however often it is
/// killed: a pool must not run out of workers because they are killed quickly.
struct Backoff: Equatable {
  private(set) var quickEnds = 0

  /// - Parameters:
  ///   - lifetime: how long the process lived.
  ///   - wasReady: whether it had reported that it is ready.
  /// - Returns: the time to wait.
  mutating func delay(afterLifetime lifetime: Duration, wasReady: Bool) -> Duration {
    quickEnds = lifetime < Self.settled ? quickEnds + 1 : 0
    if wasReady {
      quickEnds = min(quickEnds, 1)
      return max(.zero, Self.first - lifetime)
    }
    guard quickEnds > 1 else { return .zero }
    return min(Self.first * (1 << min(quickEnds - 2, 16)), Self.longest)
  }

  /// A process that lived this long did not fail to start.
  private static let settled = Duration.seconds(1)
  private static let first = Duration.milliseconds(100)
  private static let longest = Duration.seconds(5)
}
