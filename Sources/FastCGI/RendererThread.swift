import Synchronization
import SystemCalls
import SystemPackage

/// One thread that does the work of requests, so that the loop never draws.
///
/// Requests are served in their order, but one that takes several steps goes back to the end of the queue after each, so that nobody waits for
/// more than a step of it. It lives as long as the process. Work whose client has left is dropped before its next step.
final class RendererThread: Sendable {
  private let queue = Mutex(RendererQueue())
  private let work: EventCounter
  private let completions: CompletionQueue
  /// Jobs that may wait. It is better to refuse the next client at once than after minutes.
  private let limit: Int

  init(limit: Int, completions: CompletionQueue) throws(Errno) {
    (self.limit, self.completions) = (limit, completions)
    work = try EventCounter(blocking: true, isSemaphore: true)
  }

  /// - Parameters:
  ///   - prepare: called before the first job.
  ///   - show: gets ``RendererQueue/stallBegan`` whenever that changes, on either thread. It must be quick.
  func start(
    showing show: @escaping @Sendable (ContinuousClock.Instant?) -> Void, after prepare: @escaping @Sendable () -> Void
  ) throws(Errno) {
    queue.withLock { $0.show = show }
    try detachThread {
      prepare()
      self.run()
    }
  }

  /// - Returns: false if too many jobs wait already.
  func enqueue(_ work: Work, for connection: ConnectionID) -> Bool {
    let isTaken = queue.withLock { queue in
      guard queue.waitingCount < limit else { return false }
      queue.append(RendererJob(connection: connection, work))
      return true
    }
    if isTaken { self.work.signal() }
    return isTaken
  }

  /// Jobs that are not finished.
  var outstandingCount: Int { queue.withLock { $0.outstandingCount } }

  /// Since when nothing of what came got on; nil if there is no job.
  var stallBegan: ContinuousClock.Instant? { queue.withLock { $0.stallBegan } }

  /// Drops the job of a connection whose client has left; one that has begun ends with its step, and its response is posted.
  /// - Returns: whether it is gone already.
  func cancel(_ connection: ConnectionID) -> Bool { queue.withLock { $0.cancel(connection) } }

  /// Whether it works: it has no job, or has begun or ended a step since the last time this was asked.
  func hasMoved() -> Bool { queue.withLock { $0.takeHasMoved() } }

  private func run() -> Never {
    while true {
      work.wait()
      // A cancelled job leaves its signal behind.
      guard let (job, step) = runNext() else { continue }
      switch step {
      case .finished(let response):
        queue.withLock { $0.finish(job) }
        completions.post(.now(response), to: job.connection)
      case .unfinished(let next):
        goOn(job, queue.withLock { $0.putBack(job, continuingWith: next) })
      case .suspended(let start):
        queue.withLock { $0.suspend(job) }
        start { step in self.goOn(job, self.queue.withLock { $0.resume(job, continuingWith: { step }) }) }
      }
    }
  }

  /// Runs the next step and drops it, so that what it holds, which may be a large body, is gone before anybody hears of its end.
  private func runNext() -> (RendererJob.Name, Work.Step)? { queue.withLock { $0.take() }.map { ($0.name, $0.step()) } }

  private func goOn(_ job: RendererJob.Name, _ isWanted: Bool) {
    if isWanted { work.signal() } else { completions.post(.now(Response(status: 499)), to: job.connection) }
  }
}
