/// What a handler does with a request. It returns one, so every request is answered once.
package enum Reply: Sendable {
  /// The response is ready.
  case now(Response)
  /// The response takes work: the renderer thread runs this, and the loop goes on meanwhile.
  case rendered(@Sendable () -> Response)
  /// The response depends on what is yet to happen.
  case awaited(AwaitedResponse)
  /// The same, but begun in that time: not before, for what it makes would only lie about until it is due, and not after. Within it the loop
  /// chooses, so that neither a crowd of answers comes late nor one that is finished early fills the memory.
  case scheduled(ClosedRange<ContinuousClock.Instant>, @Sendable () -> Response)
}

extension Reply {
  /// The same reply with another response, made from its own when that is there.
  package func map(_ change: @escaping @Sendable (Response) -> Response) -> Reply {
    switch self {
    case .now(let response): .now(change(response))
    case .awaited(let awaited): .awaited(awaited.map(change))
    case .rendered(let work): .rendered { change(work()) }
    case .scheduled(let window, let work): .scheduled(window) { change(work()) }
    }
  }
}
