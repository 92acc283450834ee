import SystemCalls

/// Detects that a process is stuck: its loop hangs, or it was stopped. systemd's `WatchdogSec=` does the same in production.
struct Watchdog: Equatable {
  enum Verdict: Equatable {
    /// It has been silent for too long. It should end, and may leave a core dump that shows where it hangs.
    case abort
    /// It did not end when it was told to.
    case kill
  }

  /// How long a process that serves may be silent.
  let patience: Duration
  /// When the next verdict is due; nil while there is no process.
  private(set) var deadline: Instant?
  private var isAborted = false

  /// The same as in the systemd unit.
  static let usualPatience = Duration.seconds(30)
  /// A worker that creates a large store first reserves its memory.
  private static let startTime = Duration.seconds(90)
  private static let abortTime = Duration.seconds(5)

  init(patience: Duration = usualPatience) { self.patience = patience }

  mutating func began(at now: Instant) {
    deadline = now + max(Self.startTime, patience)
    isAborted = false
  }

  mutating func heard(at now: Instant, isReady: Bool) {
    guard !isAborted else { return }
    deadline = now + (isReady ? patience : max(Self.startTime, patience))
  }

  mutating func verdict(at now: Instant) -> Verdict? {
    guard let deadline, deadline <= now else { return nil }
    self.deadline = now + Self.abortTime
    defer { isAborted = true }
    return isAborted ? .kill : .abort
  }
}
