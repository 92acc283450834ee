import Glibc
import Logging
import SystemCalls

extension Pool {
  /// Replaces every worker with a new one. The new worker is ready before the old one is told to stop, so that there are never fewer workers
  /// than before.
  mutating func rollOver() {
    rolloverRequested = false
    logger.info("replacing \(workers.count) workers one by one")
    for old in workers.map(\.role) {
      guard let replacement = startReplacement() else { return logger.error("the new worker does not start; the old workers stay") }
      leave(old)
      guard stopRequests == 0 else { return }
      logger.info("\(replacement) has replaced \(old)")
    }
  }

  private var workers: [SupervisedProcess] { processes.filter { $0.role != .nginx } }

  /// Starts one more worker and waits until it is ready.
  ///
  /// - Returns: nil if it ended instead.
  private mutating func startReplacement() -> SupervisedProcess.Role? {
    let added = worker(number: lowestFreeNumber)
    processes.append(added)
    turn(until: .now)
    // A worker that sends no message but lives this long is taken to be ready.
    turns(atMost: .seconds(5)) { pool in
      pool.process(added.role).map { $0.isReady || $0.backoff.quickEnds > 0 } ?? true
    }
    guard let started = process(added.role), started.backoff.quickEnds == 0 else {
      processes.removeAll { $0.role == added.role && $0.process == nil }
      return nil
    }
    return added.role
  }

  /// Lets a worker finish and exit; kills it if it takes too long.
  private mutating func leave(_ role: SupervisedProcess.Role) {
    guard let index = processes.firstIndex(where: { $0.role == role }) else { return }
    processes[index].isLeaving = true
    processes[index].send(SIGTERM)
    processes.removeAll { $0.isLeaving && $0.process == nil }
    turns(atMost: drainTime + .seconds(2)) { $0.process(role) == nil }
    process(role)?.send(SIGKILL)
    turns(atMost: .seconds(1)) { $0.process(role) == nil }
  }

  private var lowestFreeNumber: Int {
    let taken = Set(processes.map(\.role))
    return (1...).first { !taken.contains(.worker(number: $0)) }!
  }

  func process(_ role: SupervisedProcess.Role) -> SupervisedProcess? { processes.first { $0.role == role } }

  /// Takes turns until a condition holds, time is up, or the pool is told to stop.
  private mutating func turns(atMost limit: Duration, _ condition: (borrowing Pool) -> Bool) {
    let deadline = Instant.now + limit
    while !condition(self), stopRequests == 0, .now < deadline { turn(until: deadline) }
  }
}
