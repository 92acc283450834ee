import Glibc
import Logging

extension Pool {
  /// Ends workers that have said nothing for too long.
  ///
  /// - Parameter planned: when this turn was to begin at the latest. If it begins much later, this process stood still itself (the machine
  ///   slept, or everything was stopped) and whatever the workers said or did not say meanwhile means nothing.
  mutating func endSilentWorkers(planned: Instant?) {
    let now = Instant.now
    if let planned, now - planned > watchInterval {
      for index in processes.indices { processes[index].forgiveSilence(at: now) }
    }
    for index in processes.indices {
      switch processes[index].watch(at: now) {
      case .abort:
        logger.error("\(processes[index].role) has said nothing for \(patience); ending it")
        processes[index].send(SIGABRT)
      case .kill: processes[index].send(SIGKILL)
      case nil: break
      }
    }
  }

  /// How long a turn takes at most, so that it shows when this process stood still: as often as workers speak.
  var watchInterval: Duration { patience / 4 }

  /// What workers are told and given to feed, from a variable that systemd has for it; tests need not wait for the usual time.
  static func patience(_ environment: [String: String]) -> Duration {
    // With a process id, it is about this process.
    guard environment[Supervisor.watchedVariable] == nil, let text = environment[Supervisor.patienceVariable],
      let microseconds = Int64(text), (1...3_600_000_000).contains(microseconds)
    else { return Watchdog.usualPatience }
    return .microseconds(microseconds)
  }
}
