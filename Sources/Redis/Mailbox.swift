import Synchronization
import SystemCalls
import SystemPackage

/// A command on its way to the client's thread.
struct Submission: Sendable {
  let command: RedisCommand
  /// What to send instead if the server does not know the command's script.
  let alternative: RedisCommand?
  let deadline: Instant
  /// How many replicas must have the command's effect.
  let replicas: Int
  let receive: RedisClient.Receiver

  init(
    _ command: RedisCommand, ifUnknownScript alternative: RedisCommand? = nil, deadline: Instant, replicas: Int = 0,
    _ receive: @escaping RedisClient.Receiver
  ) {
    (self.command, self.alternative, self.deadline, self.replicas) = (command, alternative, deadline, replicas)
    self.receive = receive
  }
}

/// What the client's thread and all others share.
final class Mailbox: Sendable {
  enum Item: Sendable {
    case command(Submission)
    case action(@Sendable (ClientLoop) -> Void)
  }

  private struct Waiting {
    var items: [Item] = []
    /// Whether the client's thread sleeps, or is about to, and must be woken.
    var isAsleep = false
    var hasStopped = false
  }

  private let waiting = Mutex(Waiting())
  private let alarm: EventCounter
  private let shown = Mutex((state: RedisState.unavailable("not connected yet"), counters: RedisCounters()))

  init() throws(Errno) { alarm = try EventCounter(blocking: false, isSemaphore: false) }

  /// Readable after a wake-up.
  var descriptor: CInt { alarm.file.rawValue }

  func submit(_ submissions: [Submission]) { add(submissions.map { .command($0) }) }

  func post(_ action: @escaping @Sendable (ClientLoop) -> Void) { add([.action(action)]) }

  private func add(_ items: [Item]) {
    let (wakes, isRefused) = waiting.withLock { waiting in
      if waiting.hasStopped { return (false, true) }
      waiting.items += items
      defer { waiting.isAsleep = false }
      return (waiting.isAsleep, false)
    }
    if wakes { alarm.signal() }
    if isRefused { Self.refuse(items) }
  }

  private static func refuse(_ items: [Item]) {
    for case .command(let submission) in items { submission.receive(.failure(.notSent("the client is closed"))) }
  }

  // MARK: - For the client's thread

  func takeAll() -> [Item] {
    waiting.withLock { waiting in
      defer { waiting.items.removeAll(keepingCapacity: waiting.items.count < 1000) }
      return waiting.items
    }
  }

  /// - Returns: whether the thread may sleep: nothing is waiting, and the next item will wake it.
  func fallAsleep() -> Bool {
    waiting.withLock { waiting in
      waiting.isAsleep = waiting.items.isEmpty
      return waiting.isAsleep
    }
  }

  func wakeUp() { waiting.withLock { $0.isAsleep = false } }

  /// Resets the descriptor.
  func silence() { alarm.wait() }

  func stop() {
    let items = waiting.withLock { waiting in
      waiting.hasStopped = true
      return waiting.items
    }
    Self.refuse(items)
  }

  // MARK: - What is shown

  var state: RedisState { shown.withLock { $0.state } }
  var counters: RedisCounters { shown.withLock { $0.counters } }

  func show(_ state: RedisState) { shown.withLock { $0.state = state } }
  func count(_ change: (inout RedisCounters) -> Void) { shown.withLock { change(&$0.counters) } }
}
