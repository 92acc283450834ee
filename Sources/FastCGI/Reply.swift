/// What a handler does with a request. It returns one, so every request is answered once.
package enum Reply: Sendable {
  /// The response is ready.
  case now(Response)
  /// The response takes work: the renderer thread runs this, and the loop goes on meanwhile.
  case rendered(@Sendable () -> Response)
  /// The response depends on what is yet to happen.
  case awaited(AwaitedResponse)
}
