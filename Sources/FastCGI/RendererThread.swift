import DequeModule
import Synchronization
import SystemCalls
import SystemPackage

/// One thread that runs jobs in their order, so that the loop never draws.
///
/// It lives as long as the process. Jobs whose client has left are dropped before they are begun.
final class RendererThread: Sendable {
  struct Job {
    var connection: ConnectionID
    var run: @Sendable () -> Response
  }

  private struct Queues {
    var waiting: Deque<Job> = []
    var done: [(ConnectionID, Response)] = []
    /// A job was taken and is not finished.
    var isBusy = false
    /// A job was taken or finished since ``hasMoved()`` was last asked.
    var hasMoved = false

    mutating func take() -> Job? {
      let job = waiting.popFirst()
      if job != nil { (isBusy, hasMoved) = (true, true) }
      return job
    }

    mutating func finish(_ connection: ConnectionID, _ response: Response) {
      done.append((connection, response))
      (isBusy, hasMoved) = (false, true)
    }
  }

  private let queues = Mutex(Queues())
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

  /// - Parameter prepare: comes before the first job.
  func start(after prepare: @escaping @Sendable () -> Void) throws(Errno) {
    try detachThread {
      prepare()
      self.run()
    }
  }

  /// - Returns: false where too many jobs wait already.
  func enqueue(_ job: Job) -> Bool {
    let isTaken = queues.withLock { queues in
      guard queues.waiting.count < limit else { return false }
      queues.waiting.append(job)
      return true
    }
    if isTaken { work.signal() }
    return isTaken
  }

  /// Jobs whose response has not been taken yet: waiting, at work or done.
  var outstandingCount: Int { queues.withLock { $0.waiting.count + ($0.isBusy ? 1 : 0) + $0.done.count } }

  /// Drops the waiting job of a connection whose client has left.
  /// - Returns: false where it waits no more: it is at work, or done.
  func cancel(_ connection: ConnectionID) -> Bool {
    queues.withLock { queues in
      let count = queues.waiting.count
      queues.waiting.removeAll { $0.connection == connection }
      return queues.waiting.count < count
    }
  }

  /// The responses that are ready.
  func takeDone() -> [(ConnectionID, Response)] {
    ready.wait()
    return queues.withLock { queues in
      defer { queues.done.removeAll() }
      return queues.done
    }
  }

  /// Whether it works: it has no job, or has taken or finished one since the last time it was asked.
  func hasMoved() -> Bool {
    queues.withLock { queues in
      defer { queues.hasMoved = false }
      return queues.hasMoved || (!queues.isBusy && queues.waiting.isEmpty)
    }
  }

  private func run() -> Never {
    while true {
      work.wait()
      // A cancelled job leaves its signal behind.
      guard let (connection, response) = runNext() else { continue }
      queues.withLock { $0.finish(connection, response) }
      ready.signal()
    }
  }

  /// Runs the next job and drops it, so that what it holds, which may be a large body, is gone before anybody hears of its end.
  private func runNext() -> (ConnectionID, Response)? { queues.withLock { $0.take() }.map { ($0.connection, $0.run()) } }
}
