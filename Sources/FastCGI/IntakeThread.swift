import DequeModule
import Synchronization
import SystemCalls
import SystemPackage

/// One thread that reads large requests and calls the handler, so that the loop does not block: reading and parsing 50 MB takes tenths of a
/// second.
///
/// It lives as long as the process. ``BodyMemoryBudget``, which every large body passes, bounds its memory.
final class IntakeThread: Sendable {
  private let waiting = Mutex<Deque<(ConnectionID, UnreadRequest, redirect: Response?)>>([])
  private let work: EventCounter
  private let completions: CompletionQueue
  private let handler: EventLoop.Handler

  init(completions: CompletionQueue, handler: @escaping EventLoop.Handler) throws(Errno) {
    (self.completions, self.handler) = (completions, handler)
    work = try EventCounter(blocking: true, isSemaphore: true)
  }

  func start() throws(Errno) {
    try detachThread {
      lowerPriority(to: Self.niceness)
      self.run()
    }
  }

  /// A GET that arrives while it parses must not wait for the end of its time slice: with this value, the kernel lets the loop preempt it. It
  /// still gets a tenth of a core that the loop and the renderer would use alone.
  private static let niceness: CInt = 10

  /// Takes over a request. No other thread may read from its connection until its reply is posted.
  ///
  /// - Parameter redirect: the response, if another worker is to answer the request. The body must be read all the same.
  func enqueue(_ request: UnreadRequest, of connection: ConnectionID, redirect: Response?) {
    waiting.withLock { $0.append((connection, request, redirect)) }
    work.signal()
  }

  private func run() -> Never {
    while true {
      work.wait()
      guard let (connection, unread, redirect) = waiting.withLock({ $0.popFirst() }) else { continue }
      let request = unread.read()
      completions.post(redirect.map(Reply.now) ?? handler(request), to: connection)
    }
  }
}
