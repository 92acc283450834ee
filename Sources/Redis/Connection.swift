import DequeModule
import SystemCalls
import SystemPackage

/// A connection to a server, with the requests that wait for it and those that are on it. If it breaks, it is made again.
///
/// ```
///            ┌──────── enqueue, or at once if it is a node's main one ─────────┐
///            ▼                                                                 │
///   opening (resolve, connect) ──▶ probing (AUTH, PING, SELECT, ROLE) ──▶ ready│
///      ▲          │                        │                                │  │
///      └─ pause ◀─┴─── error, or too late ─┴── end, error, silence ─────────┴─▶ idle
/// ```
final class Connection {
  enum Purpose: Hashable {
    case commands(RedisCommand.Lane)
    case subscription
    case sentinel
  }

  enum State: Equatable {
    /// Closed, and nobody needs it.
    case idle
    /// Closed, until the pause after a failure is over.
    case pausing
    case opening
    /// Connected: the server has been asked whether it is ready.
    case probing
    case ready
    /// Closed, for good.
    case retired
  }

  let endpoint: RedisEndpoint
  let purpose: Purpose
  unowned let loop: ClientLoop
  var state = State.idle
  /// Counts the attempts to connect, so that what belongs to an earlier one is ignored.
  var attempt: UInt64 = 0
  var socket: FileHandle?
  /// Addresses that were not tried in this attempt.
  var addresses: [SocketAddress] = []
  var parser = ReplyParser()
  var output = OutputStage()
  /// Whether the kernel has no room for more.
  var isBlocked = false
  var isScheduled = false

  /// Requests that were not begun, with their bytes.
  var waiting = Deque<Request>()
  var waitingBytes = 0
  /// Requests of which the stage has pieces.
  var writing = Deque<Request>()
  /// Requests that were sent, in the order in which the replies will come.
  var awaiting = Deque<Request>()
  /// The bytes of both.
  var openBytes = 0

  /// When the last byte came.
  var lastByte = Instant.now
  /// Since when it was not ready; nil if it is, or if nobody needs it.
  var downSince: Instant?
  /// Since when it is ready, or was ready last.
  var readySince: Instant?
  /// Failures in a row.
  var failures = 0
  /// The last failure.
  var reason = "not connected yet"
  /// The writes whose replicas are waited for, on a durable connection.
  var batch = DurableBatch()

  init(to endpoint: RedisEndpoint, _ purpose: Purpose, _ loop: ClientLoop) {
    (self.endpoint, self.purpose, self.loop) = (endpoint, purpose, loop)
  }

  /// Whether it connects although nothing waits for it.
  var isKept: Bool { purpose != .commands(.large) && purpose != .commands(.blocking) && purpose != .commands(.durable) }

  /// Takes a request, or answers it at once if it cannot be sent soon.
  func enqueue(_ request: Request) {
    if let refusal = refusal(of: request) { return loop.answer(request, .failure(refusal)) }
    waiting.append(request)
    waitingBytes += request.command.byteCount
    if state == .idle { open() }
    scheduleFlush()
  }

  private func refusal(of request: Request) -> RedisError? {
    if state == .retired { return .notSent(reason) }
    if let giveUpReason { return .notSent(giveUpReason) }
    if isFull(with: request) { dropAnswered() }
    return isFull(with: request) ? .notSent("\(waiting.count) commands wait for \(endpoint) already") : nil
  }

  /// Why a request would only wait in vain; nil if there is hope.
  var giveUpReason: String? {
    guard let downSince, downSince.duration(to: .now) > loop.options.timeout else { return nil }
    return "\(endpoint): \(reason)"
  }

  private func isFull(with request: Request) -> Bool {
    waiting.count >= loop.options.queueCount || waitingBytes + request.command.byteCount > loop.options.queueBytes && !waiting.isEmpty
  }

  private func dropAnswered() {
    waiting.removeAll(where: \.isDone)
    waitingBytes = waiting.reduce(0) { $0 + $1.command.byteCount }
  }

  /// Sends a command to which there is no reply in order.
  func push(_ command: RedisCommand) {
    let request = Request(command, deadline: .now + loop.options.timeout) { _ in }
    request.kind = .silent
    enqueue(request)
  }

  /// Puts requests before those that wait, in this order.
  func putFirst(_ requests: [Request]) {
    for request in requests.reversed() {
      waiting.prepend(request)
      waitingBytes += request.command.byteCount
    }
    scheduleFlush()
  }

  /// Removes and returns the requests that were not begun, if the server cannot be reached.
  func takeWaiting() -> [Request] {
    guard state != .ready, state != .probing else { return [] }
    defer { (waiting, waitingBytes) = ([], 0) }
    return waiting.filter { !$0.isDone && $0.kind == .command }
  }

  /// Has `flush()` called once, after everything that is at hand has been enqueued.
  func scheduleFlush() {
    guard !isScheduled else { return }
    isScheduled = true
    loop.flushes.append(self)
  }

  /// Asks a server from which nothing was heard for a second if it is still there, on the connection whose state is the node's.
  func checkPulse() {
    guard purpose == .commands(.small), state == .ready, awaiting.isEmpty, writing.isEmpty else { return }
    guard lastByte.duration(to: .now) > .seconds(1) else { return }
    let request = Request(RedisCommand("PING", []), deadline: .now + loop.options.timeout) { _ in }
    request.kind = .own
    loop.submit(request, to: self)
  }

  /// Whether a request that has timed out shows that nobody is at the other end.
  func isSilent(about request: Request) -> Bool {
    guard state == .ready, request.isOnItsWay, let sent = request.sent else { return false }
    return sent.duration(to: .now) >= loop.options.silence && lastByte < sent
  }

  /// Whether a request was sent on this connection, or is being sent.
  func has(_ request: Request) -> Bool { awaiting.contains { $0 === request } || writing.contains { $0 === request } }
}
