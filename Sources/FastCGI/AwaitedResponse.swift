/// A response that depends on what is yet to happen: the loop asks for it at an interval, so that whoever waits costs a descriptor and no
/// thread.
package struct AwaitedResponse: Sendable {
  /// How often to ask. Clients that wait at once are asked for together, as often as the one that is asked for most.
  package var interval: Duration
  /// When the wait is over.
  package var until: ContinuousClock.Instant
  /// The response, or nil where there is none yet. Called on the loop's thread, so it must be quick.
  package var check: @Sendable () -> Response?
  /// What is answered at the end of the wait, or where the loop stops before.
  package var otherwise: @Sendable () -> Response

  package init(
    every interval: Duration, until: ContinuousClock.Instant, check: @escaping @Sendable () -> Response?,
    otherwise: @escaping @Sendable () -> Response
  ) {
    self.interval = interval
    self.until = until
    self.check = check
    self.otherwise = otherwise
  }

  /// The same with every response changed on its way out.
  func changing(_ change: @escaping @Sendable (inout Response) -> Void) -> AwaitedResponse {
    AwaitedResponse(
      every: interval, until: until, check: { check().map { $0.changed(by: change) } }, otherwise: { otherwise().changed(by: change) })
  }
}
