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
  /// Becomes readable when a response is ready to be taken.
  let ready: EventCounter
  /// Jobs that may wait. A client that would be the next is better told at once than after minutes.
  private let limit: Int

  init(limit: Int) throws(Errno) {
    self.limit = limit
    work = try EventCounter(blocking: true, isSemaphore: true)
    ready = try EventCounter(blocking: false, isSemaphore: false)
  }

  /// - Parameters:
  ///   - prepare: comes before the first job.
  ///   - show: gets ``RendererQueue/stallBegan`` whenever that changes, on either thread. It must be quick.
  func start(showing show: @escaping @Sendable (ContinuousClock.Instant?) -> Void, after prepare: @escaping @Sendable () -> Void)
    throws(Errno)
  {
    queue.withLock { $0.show = show }
    try detachThread {
      prepare()
      self.run()
    }
  }

  /// - Returns: false where too many jobs wait already.
  func enqueue(_ work: Work, for connection: ConnectionID) -> Bool {
    let isTaken = queue.withLock { queue in
      guard queue.waitingCount < limit else { return false }
      queue.append(RendererJob(connection: connection, work))
      return true
    }
    if isTaken { self.work.signal() }
    return isTaken
  }

  /// Jobs whose response has not been taken yet: waiting, at work or done.
  var outstandingCount: Int { queue.withLock { $0.outstandingCount } }

  /// Since when nothing of what came got on; nil where nothing waits and nothing is at work.
  var stallBegan: ContinuousClock.Instant? { queue.withLock { $0.stallBegan } }

  /// Drops the waiting job of a connection whose client has left; one that is at work ends with its step.
  /// - Returns: false where it waits no more: it is at work, or done.
  func cancel(_ connection: ConnectionID) -> Bool { queue.withLock { $0.cancel(connection) } }

  /// The responses that are ready.
  func takeDone() -> [(ConnectionID, Response)] {
    ready.wait()
    return queue.withLock { $0.takeDone() }
  }

  /// Whether it works: it has no job, or has begun or ended a step since the last time it was asked.
  func hasMoved() -> Bool { queue.withLock { $0.takeHasMoved() } }

  private func run() -> Never {
    while true {
      work.wait()
      // A cancelled job leaves its signal behind.
      guard let (job, step) = runNext() else { continue }
      switch step {
      case .finished(let response):
        queue.withLock { $0.finish(job, with: response) }
        ready.signal()
      case .unfinished(let next): if queue.withLock({ $0.putBack(job, goingOnWith: next) }) { work.signal() } else { ready.signal() }
      }
    }
  }

  /// Runs the next step and drops it, so that what it holds, which may be a large body, is gone before anybody hears of its end.
  private func runNext() -> (RendererJob.Name, Work.Step)? { queue.withLock { $0.take() }.map { ($0.name, $0.step()) } }
}
