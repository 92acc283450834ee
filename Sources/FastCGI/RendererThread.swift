import Synchronization
import SystemCalls
import SystemPackage

/// One thread that does the work of requests, so that the loop never draws.
///
/// Requests are served in order, but a job of several steps goes back to the end of the queue after each step, so no request waits for more
/// than one step of another. The thread lives as long as the process. If a client has left, its job is dropped before the next step.
final class RendererThread: Sendable {
  private let queue = Mutex(RendererQueue())
  private let work: EventCounter
  private let completions: CompletionQueue
  /// Number of jobs that may wait. Refusing the next client at once is better than refusing it after minutes.
  private let limit: Int

  init(limit: Int, completions: CompletionQueue) throws(Errno) {
    (self.limit, self.completions) = (limit, completions)
    work = try EventCounter(blocking: true, isSemaphore: true)
  }

  /// - Parameters:
  ///   - prepare: called before the first job.
  ///   - show: called with ``RendererQueue/stallBegan`` whenever that changes, on either thread. It must be quick.
  func start(
    showing show: @escaping @Sendable (Instant?) -> Void, after prepare: @escaping @Sendable () -> Void
  ) throws(Errno) {
    queue.withLock { $0.show = show }
    try detachThread {
      prepare()
      self.run()
    }
  }

  /// - Returns: false if too many jobs are waiting.
  func enqueue(_ work: Work, for connection: ConnectionID) -> Bool {
    let isTaken = queue.withLock { queue in
      guard queue.waitingCount < limit else { return false }
      queue.append(RendererJob(connection: connection, work))
      return true
    }
    if isTaken { self.work.signal() }
    return isTaken
  }

  /// Number of jobs that are not finished.
  var outstandingCount: Int { queue.withLock { $0.outstandingCount } }

  /// The time since which no job has made progress; nil if there is no job.
  var stallBegan: Instant? { queue.withLock { $0.stallBegan } }

  /// Drops the job of a connection whose client has left. A job that has begun ends with its step, and its response is posted.
  /// - Returns: whether the job was dropped at once.
  func cancel(_ connection: ConnectionID) -> Bool { queue.withLock { $0.cancel(connection) } }

  /// Whether it makes progress: it has no job, or has begun or ended a step since the previous call.
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

  /// Runs the next step and then drops it, so that anything it holds, such as a large body, is freed before its end is reported.
  private func runNext() -> (RendererJob.Name, Work.Step)? { queue.withLock { $0.take() }.map { ($0.name, $0.step()) } }

  private func goOn(_ job: RendererJob.Name, _ isWanted: Bool) {
    if isWanted { work.signal() } else { completions.post(.now(Response(status: 499)), to: job.connection) }
  }
}
