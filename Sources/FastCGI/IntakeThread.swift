import DequeModule
import Synchronization
import SystemCalls
import SystemPackage

/// One thread that reads large requests and asks the handler what to do with them, so that the loop goes on meanwhile: to read 50 MB and to
/// parse them takes tenths of a second.
///
/// It lives as long as the process. What it holds is bounded by ``BodyMemoryBudget``, through which every large body has come.
final class IntakeThread: Sendable {
  private struct Queues {
    var waiting: Deque<(ConnectionID, UnreadRequest, redirect: Response?)> = []
    var done: [(ConnectionID, Reply)] = []
  }

  private let queues = Mutex(Queues())
  private let work: EventCounter
  /// Becomes readable when a reply is ready to be taken.
  let ready: EventCounter
  private let handler: EventLoop.Handler

  init(handler: @escaping EventLoop.Handler) throws(Errno) {
    self.handler = handler
    work = try EventCounter(blocking: true, isSemaphore: true)
    ready = try EventCounter(blocking: false, isSemaphore: false)
  }

  func start() throws(Errno) { try detachThread { self.run() } }

  /// Takes over a request, whose connection nobody else may read from until its reply is there.
  ///
  /// - Parameter redirect: the answer, if another worker is to do what is asked. The request must be read all the same.
  func enqueue(_ request: UnreadRequest, of connection: ConnectionID, redirect: Response?) {
    queues.withLock { $0.waiting.append((connection, request, redirect)) }
    work.signal()
  }

  /// The replies that are ready.
  func takeDone() -> [(ConnectionID, Reply)] {
    ready.wait()
    return queues.withLock { queues in
      defer { queues.done.removeAll() }
      return queues.done
    }
  }

  private func run() -> Never {
    while true {
      work.wait()
      guard let (connection, unread, redirect) = queues.withLock({ $0.waiting.popFirst() }) else { continue }
      let request = unread.read()
      let reply = redirect.map { .now($0) } ?? handler(request)
      queues.withLock { $0.done.append((connection, reply)) }
      ready.signal()
    }
  }
}
