/// What a handler does with a request. It returns one, so every request is answered once.
package enum Reply: Sendable {
  /// The response is ready.
  case now(Response)
  /// The response takes work: the renderer thread runs this, and the loop goes on meanwhile.
  case rendered(Work)
  /// The response depends on what is yet to happen.
  case awaited(AwaitedResponse)
  /// The same, but begun in that time: not before, for what it makes would only lie about until it is due, and not after. Within it the loop
  /// chooses, so that neither a crowd of answers comes late nor one that is finished early fills the memory.
  case scheduled(ClosedRange<ContinuousClock.Instant>, Work)
}

extension Reply {
  package static func rendered(_ work: @escaping @Sendable () -> Response) -> Reply { .rendered(Work(work)) }

  package static func scheduled(
    _ window: ClosedRange<ContinuousClock.Instant>, _ work: @escaping @Sendable () -> Response
  ) -> Reply { .scheduled(window, Work(work)) }
}

extension Reply {
  /// The same reply with its response changed when that is there.
  package consuming func changing(_ change: @escaping @Sendable (inout Response) -> Void) -> Reply {
    switch consume self {
    case .now(var response):
      change(&response)
      return .now(response)
    case .awaited(let awaited): return .awaited(awaited.changing(change))
    case .rendered(let work): return .rendered(work.changing(change))
    case .scheduled(let window, let work): return .scheduled(window, work.changing(change))
    }
  }
}
