import SystemPackage

extension Pool {
  /// Waits until a worker answers through nginx, or the pool is told to stop.
  ///
  /// - Throws: if nginx ended, or if one worker ended so often that another start would be futile.
  mutating func awaitFirstAnswer() throws(CommandFailure) {
    while stopRequests == 0 {
      turn(until: .now + .milliseconds(20))
      for process in processes where process.backoff.quickEnds >= patience(with: process.role) {
        throw CommandFailure("\(process.role) does not start; see its output above")
      }
      if ReadinessProbe.answers(at: sockets.address) { return }
    }
  }

  /// A worker can fail for a temporary reason, such as a store that another process is creating. nginx's configuration does not change.
  private func patience(with role: SupervisedProcess.Role) -> Int {
    switch role {
    case .nginx: 1
    case .worker: 5
    }
  }
}
