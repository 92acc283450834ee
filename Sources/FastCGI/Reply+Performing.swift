import Dispatch
import Glibc
import Synchronization
import SystemCalls

extension Reply {
  /// Does all that the reply takes on the calling thread, which may block: without a connection, a loop or the renderer thread. Of a stream, the
  /// result is only the first part.
  ///
  /// - Parameter isTimed: whether to wait until the response is due.
  package func perform(isTimed: Bool = false) -> Response {
    var reply = self
    while case .wait(let pending) = reply.action {
      var next = pending.perform()
      // What completes it may say how the response is finished, and when it is due.
      (next.finish, next.due) = (next.finish ?? reply.finish, next.due ?? reply.due)
      reply = next
    }
    var response: Response
    switch reply.action {
    case .render(let work): response = work.perform()
    case .respond(let ready): response = ready
    case .wait: preconditionFailure("a reply that waits was performed")
    }
    if isTimed, let due = response.due ?? reply.due { sleep(until: due) }
    reply.finish?(&response)
    return response
  }
}

extension Work {
  /// Runs all steps on the calling thread, which may block.
  package func perform() -> Response {
    var step = begin()
    while true {
      switch step {
      case .finished(let response): return response
      case .unfinished(let next): step = next()
      case .suspended(let start):
        let next = Handover<Step>()
        start(next.set)
        step = next.wait()
      }
    }
  }
}

extension PendingReply {
  fileprivate func perform() -> Reply {
    switch source {
    case .polling(let interval, let check):
      while .now < deadline {
        if let response = check() { return .now(response) }
        sleep(until: min(deadline, .now + interval))
      }
      return Reply(onTimeout())
    case .completion(let start):
      // There may be no descriptors left.
      guard let queue = try? CompletionQueue() else { return Reply(onTimeout()) }
      start(Completion(connection: ConnectionID(descriptor: -1, generation: 0), request: 0, queue: queue))
      while .now < deadline {
        var waiting = pollfd(fd: queue.descriptor, events: Int16(POLLIN), revents: 0)
        let rest = (deadline - .now) / .milliseconds(1)
        if unsafe poll(&waiting, 1, CInt(min(rest.rounded(.up), 60_000))) > 0, let item = queue.takeAll().first { return item.reply }
      }
      return Reply(onTimeout())
    }
  }
}

/// One value, passed from one thread to another.
private final class Handover<Value: Sendable>: Sendable {
  private let value = Mutex<Value?>(nil)
  private let semaphore = DispatchSemaphore(value: 0)

  @Sendable func set(_ value: Value) {
    self.value.withLock { $0 = value }
    semaphore.signal()
  }

  func wait() -> Value {
    semaphore.wait()
    return value.withLock { $0! }
  }
}

private func sleep(until instant: Instant) {
  let rest = instant - .now
  guard rest > .zero else { return }
  usleep(UInt32(min(rest / .microseconds(1), 1e9)))
}
