import Glibc
import Logging
import SystemCalls

extension Pool {
  /// Ends workers that have been silent for too long.
  ///
  /// - Parameter planned: the latest time at which this turn should have begun. If it begins much later, this process itself was stopped (the
  ///   machine slept, or everything was stopped), and the silence of the workers means nothing.
  mutating func endSilentWorkers(planned: Instant?) {
    let now = Instant.now
    if let planned, now - planned > watchInterval {
      for index in processes.indices { processes[index].forgiveSilence(at: now) }
    }
    for index in processes.indices {
      switch processes[index].watch(at: now) {
      case .abort:
        logger.error("\(processes[index].role) has not responded for \(patience); ending it")
        processes[index].send(SIGABRT)
      case .kill: processes[index].send(SIGKILL)
      case nil: break
      }
    }
  }

  /// The longest duration of a turn, which makes it noticeable when this process was stopped: the interval at which workers send messages.
  var watchInterval: Duration { patience / 4 }

  /// The watchdog's timeout, from systemd's variable for it; tests set it so as not to wait for the usual time.
  static func patience(_ environment: [String: String]) -> Duration {
    // With a process id, the variable is meant for this process.
    guard environment[Supervisor.watchedVariable] == nil, let text = environment[Supervisor.patienceVariable],
      let microseconds = Int64(text), (1...3_600_000_000).contains(microseconds)
    else { return Watchdog.usualPatience }
    return .microseconds(microseconds)
  }
}
