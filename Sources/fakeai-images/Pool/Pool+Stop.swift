import FastCGI
import Glibc
import Logging
import SharedMemory

extension Pool {
  /// Ends everything, gently first.
  ///
  /// ```
  ///  0 s  nginx accepts no more requests and finishes those in flight, for which the workers keep running; they reject requests that would
  ///       be due after nginx has exited
  ///  8 s, or once nginx has exited, or at the second request to stop: all processes get SIGTERM
  /// 10 s  the remaining processes get SIGKILL
  /// ```
  ///
  /// 10 s is what `docker stop` allows.
  mutating func stop() {
    let start = Instant.now
    for index in processes.indices { processes[index].isLeaving = true }
    processes.removeAll { $0.process == nil }
    signal(SIGQUIT) { $0 == .nginx }
    signal(EventLoop.closingSignal) { $0 != .nginx }
    let requests = stopRequests
    awaitEnd(until: start + .seconds(8)) { $0.process(.nginx) == nil || $0.stopRequests > max(requests, 1) }
    signal(SIGTERM) { _ in true }
    awaitEnd(until: start + .seconds(10)) { $0.processes.isEmpty || $0.stopRequests > max(requests, 1) + 1 }
    if !processes.isEmpty { logger.warning("killing \(processes.map { "\($0.role)" }.joined(separator: ", "))") }
    signal(SIGKILL) { _ in true }
    awaitEnd(until: .now + .seconds(1)) { $0.processes.isEmpty }
    memory.removeRules()
  }

  private func signal(_ signal: CInt, where isMeant: (SupervisedProcess.Role) -> Bool) {
    for process in processes where isMeant(process.role) { process.send(signal, toGroup: signal == SIGKILL) }
  }

  private mutating func awaitEnd(until deadline: Instant, _ condition: (borrowing Pool) -> Bool) {
    while !condition(self), .now < deadline { turn(until: deadline) }
  }
}
