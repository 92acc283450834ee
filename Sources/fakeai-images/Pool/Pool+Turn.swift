import FastCGI
import Glibc
import Logging
import SystemCalls
import SystemPackage

extension Pool {
  /// Starts the processes that are due, then waits for the next event, at most until the deadline, and reacts to it.
  mutating func turn(until deadline: Instant?) {
    startWhatIsDue()
    let now = Instant.now
    let watched = processes.compactMap { $0.process == nil ? nil : $0.watchdog?.deadline }
    let planned = ([deadline, watched.isEmpty ? nil : now + watchInterval] + watched + processes.map(\.due)).compactMap { $0 }.min()
    wait(until: planned)
    while let signal = signals.next() { note(signal) }
    // Before the ends of processes, because the messages of a process that has just died still count.
    while let message = sockets.notifications.next() { note(message) }
    while let (process, end) = ProcessEnd.next() { noteEnd(of: process, end) }
    endSilentWorkers(planned: planned)
    refuseWhileDown()
    lateClients?.serve()
  }

  private mutating func startWhatIsDue() {
    let now = Instant.now
    for index in processes.indices where processes[index].due.map({ $0 <= now }) == true {
      do {
        try processes[index].start(at: now)
      } catch {
        // Before the first answer, `serve` ends with the reason.
        if hasAnswered { logger.error("\(processes[index].role) cannot be started: \(error)") }
      }
    }
  }

  private func wait(until instant: Instant?) {
    let back = isRefusing ? [sockets.back.descriptor.rawValue] : []
    let late = lateClients?.descriptors ?? []
    var descriptors = ([signals.descriptor.rawValue, sockets.notifications.descriptor.rawValue] + back + late).map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    // Rounded up, so that poll does not return repeatedly before something that is due in a fraction of a millisecond.
    let milliseconds = instant.map { min(max(($0 - .now) / .milliseconds(1), 0), 3_600_000).rounded(.up) }
    _ = unsafe poll(&descriptors, nfds_t(descriptors.count), milliseconds.map { CInt($0) } ?? -1)
  }

  private mutating func note(_ signal: CInt) {
    switch signal {
    case SIGTERM, SIGINT: stopRequests += 1
    case SIGHUP:
      // The same signal reports that the terminal is gone; then nobody could stop the pool.
      if startedAtTerminal && isatty(STDIN_FILENO) == 0 { stopRequests += 1 } else { rolloverRequested = true }
    default: break  // SIGCHLD: ended processes are collected in every turn.
    }
  }

  private mutating func noteEnd(of process: pid_t, _ end: ProcessEnd) {
    guard let index = processes.firstIndex(where: { $0.process == process }) else { return }
    let role = processes[index].role
    // nginx's own workers outlive a master that was killed; they finish their requests and exit.
    if role == .nginx { processes[index].send(SIGQUIT, toGroup: true) }
    if processes[index].isLeaving {
      processes.remove(at: index)
      return logger.debug("\(role) has exited: \(end)")
    }
    let delay = processes[index].ended(at: .now, end)
    let reason = processes[index].reason.map { ": \($0)" } ?? ""
    let line = "\(role) ended with \(end)\(reason); restarting it \(delay == .zero ? "at once" : "in \(delay)")"
    // Before the first answer, `serve` ends with the reason if restarting does not help.
    logger.log(level: hasAnswered || stopRequests > 0 ? .error : .debug, "\(line)")
  }

  private mutating func note(_ message: WorkerMessage) {
    guard let index = processes.firstIndex(where: { $0.process == message.process }) else { return }
    processes[index].said(message, at: .now)
    if isLeaving, message.isReady { processes[index].send(EventLoop.leavingSignal) }
  }
}
