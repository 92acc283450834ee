/// What becomes of a request: what to do for it, when its response may be sent, and what every response to it passes through.
package struct Reply: Sendable {
  package enum Action: Sendable {
    /// The response is ready.
    case respond(Response)
    /// The response takes work: the renderer thread does it, and the loop goes on meanwhile.
    case render(Work)
    /// The response depends on something that has not happened yet.
    case wait(PendingReply)
  }

  package var action: Action
  /// Earliest time at which the response may be sent; used to simulate latency. Nil: as soon as it is ready.
  package var due: ContinuousClock.Instant?
  /// Called on the loop's thread, exactly once, with the response that is about to be sent: the one that was asked for, the loop's refusal if
  /// there is no room or no time for that, or status 499 if the client has left. Nil: nothing is to be added or recorded.
  package var finish: (@Sendable (inout Response) -> Void)?

  package init(_ action: Action, due: ContinuousClock.Instant? = nil, finish: (@Sendable (inout Response) -> Void)? = nil) {
    self.action = action
    self.due = due
    self.finish = finish
  }
}

/// A response that depends on something that has not happened yet. Waiting costs a descriptor and no thread.
package struct PendingReply: Sendable {
  /// How the loop learns of the response.
  enum Source: Sendable {
    /// Somebody completes it, from any thread.
    case completion(start: @Sendable (Completion) -> Void)
    /// The loop asks for it at an interval. All replies that are polled are asked for together, as often as the most frequent of them.
    case polling(every: Duration, check: @Sendable () -> Response?)
  }

  let source: Source
  /// When the wait ends.
  let deadline: ContinuousClock.Instant
  /// The response at the end of the wait, or if the loop stops earlier.
  let onTimeout: @Sendable () -> Response

  /// - Parameter start: called on the loop's thread, at once; it must be quick, and have the completion called later or before it returns.
  package init(
    until deadline: ContinuousClock.Instant, onTimeout: @escaping @Sendable () -> Response, start: @escaping @Sendable (Completion) -> Void
  ) {
    (source, self.deadline, self.onTimeout) = (.completion(start: start), deadline, onTimeout)
  }

  /// - Parameter check: returns the response, or nil if there is none yet. Called on the loop's thread; it must be quick.
  package init(
    every interval: Duration, until deadline: ContinuousClock.Instant, check: @escaping @Sendable () -> Response?,
    onTimeout: @escaping @Sendable () -> Response
  ) {
    (source, self.deadline, self.onTimeout) = (.polling(every: interval, check: check), deadline, onTimeout)
  }
}

/// Completes a pending reply, from any thread. The first call counts; one after the deadline, or after the client has left, does nothing.
package struct Completion: Sendable {
  let connection: ConnectionID
  /// Which of the connection's requests is meant.
  let request: UInt32
  let queue: CompletionQueue

  package func callAsFunction(_ action: Reply.Action) { queue.post(Reply(action), to: connection, request: request) }
}

/// What the renderer thread does for one request: in one step, or in several, between which other requests have their turn.
package struct Work: Sendable {
  package enum Step: Sendable {
    case finished(Response)
    case unfinished(@Sendable () -> Step)
    /// Another thread, or the kernel, has to do something first. The renderer goes on with other work; the closure it gets passed continues
    /// this one, from any thread.
    case suspended(@Sendable (_ resume: @escaping @Sendable (Step) -> Void) -> Void)
  }

  /// Whether it may take several steps, and has something to keep in between.
  package let isLong: Bool
  package let begin: @Sendable () -> Step

  private init(isLong: Bool, begin: @escaping @Sendable () -> Step) { (self.isLong, self.begin) = (isLong, begin) }

  package init(inSteps begin: @escaping @Sendable () -> Step) { self.init(isLong: true, begin: begin) }

  package init(inOneStep begin: @escaping @Sendable () -> Step) { self.init(isLong: false, begin: begin) }

  package init(_ whole: @escaping @Sendable () -> Response) { self.init(isLong: false) { .finished(whole()) } }
}

extension Reply {
  package static func now(_ response: Response) -> Reply { Reply(.respond(response)) }

  package static func rendered(_ work: Work, due: ContinuousClock.Instant? = nil) -> Reply { Reply(.render(work), due: due) }

  package static func rendered(due: ContinuousClock.Instant? = nil, _ work: @escaping @Sendable () -> Response) -> Reply {
    Reply(.render(Work(work)), due: due)
  }

  package static func pending(_ pending: PendingReply) -> Reply { Reply(.wait(pending)) }
}
