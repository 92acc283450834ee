import FastCGI
import Glibc
import Logging
import OpenAIAPI
import SharedMemory
import SystemCalls

extension Pool {
  /// Serves on for a while, and lets /readyz say that it will not for long. Kubernetes and other balancers need that time to notice.
  mutating func announceStop() {
    guard stopDelay > .zero, stopRequests < 2 else { return }
    isLeaving = true
    logger.notice("stopping in \(stopDelay), because FAKEAI_STOP_DELAY is set; /readyz answers 503 from now on")
    for process in processes where process.isReady { process.send(EventLoop.leavingSignal) }
    awaitEnd(until: .now + stopDelay) { $0.stopRequests > 1 }
  }

  /// Ends everything, gently first.
  ///
  /// ```
  ///  0 s      nginx accepts no more requests and finishes those in flight, for which the workers keep running; they reject requests that
  ///           would be due after the drain time. Clients that connect now get 503.
  ///  drain    the workers reject all requests that are not answered yet
  ///  + 1 s    or once nginx has exited, or at the second request to stop: all processes get SIGTERM
  ///  + 3 s    the remaining processes get SIGKILL
  /// ```
  mutating func stop() {
    let start = Instant.now
    isLeaving = false
    lateClients = LateClients(listeners: sockets.front.descriptors, answer: APIService.stopping)
    for index in processes.indices { processes[index].isLeaving = true }
    processes.removeAll { $0.process == nil }
    signal(SIGQUIT) { $0 == .nginx }
    signal(EventLoop.closingSignal) { $0 != .nginx }
    let end = start + stopDrainTime + Self.farewell
    awaitEnd(until: end) { $0.process(.nginx) == nil || $0.stopRequests > 1 }
    signal(SIGTERM) { _ in true }
    awaitEnd(until: end + .seconds(2)) { $0.processes.isEmpty || $0.stopRequests > 2 }
    if !processes.isEmpty { logger.warning("killing \(processes.map { "\($0.role)" }.joined(separator: ", "))") }
    signal(SIGKILL) { _ in true }
    awaitEnd(until: .now + .seconds(1)) { $0.processes.isEmpty }
    lateClients = nil
    memory.removeRules()
  }

  /// How long nginx has for passing on the last rejections.
  static var farewell: Duration { .seconds(1) }

  private func signal(_ signal: CInt, where isMeant: (SupervisedProcess.Role) -> Bool) {
    for process in processes where isMeant(process.role) { process.send(signal, toGroup: signal == SIGKILL) }
  }

  private mutating func awaitEnd(until deadline: Instant, _ condition: (borrowing Pool) -> Bool) {
    while !condition(self), .now < deadline { turn(until: deadline) }
  }
}
