import Answers
import Dispatch
import Logging
import ObjectStore
import Synchronization
import SystemCalls

/// Tells the clients' endpoints of events, on a thread of its own that lives as long as there is something to deliver.
///
/// What waits is in this worker's memory, and in the ``WebhookOutbox``, from which another worker takes it if this one ends.
final class WebhookSender: Sendable {
  private let objects: any ObjectStore
  private let hosts: WebhookHosts
  private let outbox: WebhookOutbox
  private let clock: WallClock
  private let logger: Logger
  private let state = Mutex(State())
  private let change = DispatchSemaphore(value: 0)

  private struct State {
    /// Those that are due first are first.
    var tasks: [Task] = []
    var hasThread = false
  }

  private struct Task: Sendable {
    var due: Instant
    let event: WebhookEvent
    /// The endpoint; nil: all that want to know.
    var endpoint: String?
    var attempt = 0
    /// Whether the event is in the outbox.
    var isKept = false
    /// The right to deliver it.
    var delivery: WebhookDelivery?
    /// Gets the result of the only attempt.
    var receive: (@Sendable (Result<Int, WebhookFailure>) -> Void)?
  }

  /// Events, or deliveries of them, that may wait.
  private static let mostTasks = 1000

  init(_ objects: any ObjectStore, allowing hosts: WebhookHosts, clock: WallClock, logger: Logger) {
    (self.objects, self.hosts, self.clock, self.logger) = (objects, hosts, clock, logger)
    outbox = WebhookOutbox(objects: objects, clock: clock)
  }

  /// Has an event delivered to all endpoints that want to know of it, if it happens. Returns when the event is kept; for a thread that may block.
  ///
  /// - Parameter due: when it happens.
  func send(_ event: WebhookEvent, at due: Instant = .now) {
    var isKept = true
    do throws(ObjectStoreError) { try outbox.insert(event, dueIn: due - .now) } catch {
      logger.warning("webhooks: \(event.type) is lost if this worker ends: \(error)")
      isKept = false
    }
    add(Task(due: due, event: event, isKept: isKept))
  }

  /// Takes over the events of workers that ended before they had delivered them. Call it every now and then, on a thread that may block.
  func takeOver() throws(ObjectStoreError) {
    for event in try outbox.overdue() where !state.withLock({ state in state.tasks.contains { $0.event.id == event.id } }) {
      add(Task(due: .now, event: event, isKept: true))
    }
  }

  /// Tries once to deliver an event, before all others.
  ///
  /// - Parameter receive: called on another thread, with the status of the endpoint's response.
  func test(_ event: WebhookEvent, on endpoint: String, _ receive: @escaping @Sendable (Result<Int, WebhookFailure>) -> Void) {
    guard !add(Task(due: .now - .seconds(3600), event: event, endpoint: endpoint, receive: receive)) else { return }
    receive(.failure(WebhookFailure("too many events wait")))
  }

  @discardableResult
  private func add(_ task: Task) -> Bool {
    let (isTaken, needsThread) = state.withLock { state in
      guard state.tasks.count < Self.mostTasks else { return (false, false) }
      let place = state.tasks.firstIndex { $0.due > task.due } ?? state.tasks.count
      state.tasks.insert(task, at: place)
      defer { state.hasThread = true }
      return (true, !state.hasThread)
    }
    if !isTaken { logger.warning("webhooks: \(task.event.type) is not delivered, because \(Self.mostTasks) events wait") }
    change.signal()
    if needsThread { startThread() }
    return isTaken
  }

  private func startThread() {
    do {
      try detachThread { self.run() }
    } catch {
      logger.error("webhooks: cannot start a thread: \(error)")
      state.withLock { $0.hasThread = false }
    }
  }

  private func run() {
    while let due = nextDue() {
      guard due <= .now else {
        _ = change.wait(timeout: .now() + max(0.001, (due - .now) / .seconds(1)))
        continue
      }
      if let task = state.withLock({ $0.tasks.isEmpty ? nil : $0.tasks.removeFirst() }) { perform(task) }
    }
  }

  /// - Returns: nil if nothing waits, so that the thread ends.
  private func nextDue() -> Instant? {
    state.withLock { state in
      if state.tasks.isEmpty { state.hasThread = false }
      return state.tasks.first?.due
    }
  }

  private func perform(_ task: Task) {
    do throws(ObjectStoreError) {
      guard let endpoint = task.endpoint else { return try fanOut(task) }
      guard let name = ObjectName(.webhook, endpoint), let stored = try objects.object(name).wait(),
        let found = WebhookEndpoint(document: stored.bytes)
      else {
        task.receive?(.failure(WebhookFailure("the endpoint was deleted")))
        return
      }
      deliver(task, to: found)
    } catch {
      logger.warning("webhooks: \(task.event.type): \(error)")
      task.receive?(.failure(WebhookFailure("\(error)")))
    }
  }

  /// Adds a delivery for each endpoint that wants to know of an event, unless another worker delivers it.
  private func fanOut(_ task: Task) throws(ObjectStoreError) {
    let event = task.event
    let delivery = try task.isKept ? outbox.take(event) : nil
    guard !task.isKept || delivery != nil, try event.happens(in: objects) else { return }
    for id in try objects.ids(of: .webhook, prefix: "").wait() {
      guard let name = ObjectName(.webhook, id), let stored = try objects.object(name).wait(),
        let endpoint = WebhookEndpoint(document: stored.bytes), endpoint.eventTypes.contains(event.type)
      else { continue }
      add(Task(due: .now, event: event, endpoint: id, delivery: delivery))
    }
  }

  private func deliver(_ task: Task, to endpoint: WebhookEndpoint) {
    let result = post(task.event, to: endpoint)
    if let receive = task.receive { return receive(result) }
    let problem: String
    switch result {
    case .success(let status) where (200..<300).contains(status): return
    case .success(let status): problem = "its response has status \(status)"
    case .failure(let failure): problem = failure.description
    }
    guard task.attempt < Self.pauses.count, !isHopeless(endpoint) else {
      return logger.warning("webhooks: \(task.event.type) about \(task.event.subject) is not delivered to \(endpoint.url): \(problem)")
    }
    var again = task
    again.due = .now + Self.pauses[task.attempt]
    again.attempt += 1
    add(again)
  }

  /// Before the second attempt, and before each further one. Production goes on for 72 hours.
  private static let pauses: [Duration] = [.seconds(1), .seconds(5), .seconds(30), .seconds(120)]

  private func isHopeless(_ endpoint: WebhookEndpoint) -> Bool { WebhookURL(endpoint.url)?.isSecure ?? true }

  private func post(_ event: WebhookEvent, to endpoint: WebhookEndpoint) -> Result<Int, WebhookFailure> {
    guard let url = WebhookURL(endpoint.url) else { return .failure(WebhookFailure("the URL is not valid")) }
    let body = event.body
    let now = Int(clock.now() / WallClock.nanosecondsPerSecond)
    let headers =
      [("Content-Type", ImageOperation.json), ("User-Agent", Self.userAgent)] + endpoint.signature(of: event.id, body, now: now)
    return Result { () throws(WebhookFailure) in try WebhookConnection.post(body, to: url, headers: headers, allowing: hosts) }
  }

  /// The mock's own routes refuse it: otherwise, anybody who may create an endpoint could use them through this machine.
  static let userAgent = "fakeai-images-webhooks/\(APIService.version)"
}
