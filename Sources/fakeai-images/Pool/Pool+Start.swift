import SystemPackage

extension Pool {
  /// Waits until a worker answers through nginx, or somebody wants the pool to stop.
  ///
  /// - Throws: where nginx ended, or one worker so often that the next start would end alike.
  mutating func awaitFirstAnswer() throws(CommandFailure) {
    while stopRequests == 0 {
      turn(until: .now + .milliseconds(20))
      for process in processes where process.backoff.quickEnds >= patience(with: process.role) {
        throw CommandFailure("\(process.role) does not start; what it said is above")
      }
      if ReadinessProbe.answers(at: sockets.address) { return }
    }
  }

  /// A worker may fail for reasons that pass, such as a store that another process is just making; nginx's configuration does not change.
  private func patience(with role: SupervisedProcess.Role) -> Int {
    switch role {
    case .nginx: 1
    case .worker: 5
    }
  }
}
