package import SystemCalls

/// How to answer a request: the action, the time of the response, and a function that every response to the request passes through.
package struct Reply: Sendable {
  package enum Action: Sendable {
    /// The response is ready.
    case respond(Response)
    /// The response takes work. The renderer thread does it, so the loop does not block.
    case render(Work)
    /// The response depends on an event that has not happened yet.
    case wait(PendingReply)
  }

  package var action: Action
  /// Earliest time at which the response may be sent; used to simulate latency. Nil: as soon as it is ready.
  package var due: Instant?
  /// Called exactly once, on the loop's thread, with the response that is about to be sent: the requested one, the loop's refusal if there
  /// is no memory, capacity or time for that, or one with status 499 if the client has left. Nil if nothing is to be added or recorded.
  package var finish: (@Sendable (inout Response) -> Void)?

  package init(_ action: Action, due: Instant? = nil, finish: (@Sendable (inout Response) -> Void)? = nil) {
    self.action = action
    self.due = due
    self.finish = finish
  }
}

/// A response that depends on an event that has not happened yet. Waiting costs a descriptor and no thread.
package struct PendingReply: Sendable {
  /// How the loop gets the response.
  enum Source: Sendable {
    /// A completion is called, from any thread.
    case completion(start: @Sendable (Completion) -> Void)
    /// The loop polls at an interval. All polled replies are polled together, at the shortest of their intervals.
    case polling(every: Duration, check: @Sendable () -> Response?)
  }

  let source: Source
  /// When the wait ends.
  let deadline: Instant
  /// What to do if the deadline passes or the loop stops first.
  let onTimeout: @Sendable () -> Reply.Action

  /// - Parameter start: called at once, on the loop's thread. It must be quick, and arrange for the completion to be called, before it
  ///   returns or later.
  package init(
    until deadline: Instant, onTimeout: @escaping @Sendable () -> Response, start: @escaping @Sendable (Completion) -> Void
  ) {
    (source, self.deadline, self.onTimeout) = (.completion(start: start), deadline, { .respond(onTimeout()) })
  }

  /// - Parameters:
  ///   - check: returns the response, or nil if it is not ready. Called on the loop's thread; it must be quick.
  ///   - onTimeout: may wait again, but only for a completion.
  package init(
    every interval: Duration, until deadline: Instant, check: @escaping @Sendable () -> Response?,
    onTimeout: @escaping @Sendable () -> Reply.Action
  ) {
    (source, self.deadline, self.onTimeout) = (.polling(every: interval, check: check), deadline, onTimeout)
  }
}

/// Completes a pending reply, from any thread. Only the first call counts. A call after the deadline, or after the client has left, does
/// nothing.
package struct Completion: Sendable {
  let connection: ConnectionID
  /// Number of the request on its connection.
  let request: UInt32
  let queue: CompletionQueue

  package func callAsFunction(_ action: Reply.Action) { self(Reply(action)) }

  /// Replaces the function that the response passes through, and the time of the response, if the reply has its own: what is known by now may
  /// differ from what was known when the wait began.
  package func callAsFunction(_ reply: Reply) { queue.post(reply, to: connection, request: request) }
}

/// The renderer thread's work for one request, in one step or in several. Other requests get their turn between the steps.
package struct Work: Sendable {
  package enum Step: Sendable {
    case finished(Response)
    case unfinished(@Sendable () -> Step)
    /// Another thread, or the kernel, must do something first. The renderer continues with other work. The closure receives a function that
    /// resumes this work, from any thread.
    case suspended(@Sendable (_ resume: @escaping @Sendable (Step) -> Void) -> Void)
  }

  /// Whether the work may take several steps and keeps data between them.
  package let isLong: Bool
  package let begin: @Sendable () -> Step

  private init(isLong: Bool, begin: @escaping @Sendable () -> Step) { (self.isLong, self.begin) = (isLong, begin) }

  package init(inSteps begin: @escaping @Sendable () -> Step) { self.init(isLong: true, begin: begin) }

  package init(inOneStep begin: @escaping @Sendable () -> Step) { self.init(isLong: false, begin: begin) }

  package init(_ whole: @escaping @Sendable () -> Response) { self.init(isLong: false) { .finished(whole()) } }

  /// The same work, with a change of its response.
  package func mapped(_ change: @escaping @Sendable (Response) -> Response) -> Work {
    Work(isLong: isLong) { [begin] in begin().mapped(change) }
  }
}

extension Reply {
  package static func now(_ response: Response) -> Reply { Reply(.respond(response)) }

  package static func rendered(_ work: Work, due: Instant? = nil) -> Reply { Reply(.render(work), due: due) }

  package static func rendered(due: Instant? = nil, _ work: @escaping @Sendable () -> Response) -> Reply {
    Reply(.render(Work(work)), due: due)
  }

  package static func pending(_ pending: PendingReply) -> Reply { Reply(.wait(pending)) }
}

extension Work.Step {
  fileprivate func mapped(_ change: @escaping @Sendable (Response) -> Response) -> Work.Step {
    switch self {
    case .finished(let response): .finished(change(response))
    case .unfinished(let next): .unfinished { next().mapped(change) }
    case .suspended(let start): .suspended { resume in start { step in resume(step.mapped(change)) } }
    }
  }
}
