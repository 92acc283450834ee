/// Bounds of an event loop.
package struct EventLoopLimits: Sendable {
  /// Connections at once. Others wait in the listening socket's backlog, or another worker takes them.
  package var connections = 4096
  /// Bytes of the largest request body that is read: an upload of 50 MB, with what comes beside it.
  package var bodyBytes = 52 << 20
  /// Bytes of all request bodies that are in memory at once, unless one alone is larger. Others wait where nginx has them.
  package var bodyRoom = 32 << 20
  /// Bytes of the largest body that never waits, does not count, and is read and parsed on the loop: most without an upload are smaller.
  package var smallBodyBytes = 16 << 10
  /// Requests that may wait for the renderer: one of every connection, for of those that are to be late thousands may come due at once.
  package var waitingForRenderer = 4096
  /// Bytes of finished responses that may wait for their time, before others are finished only when they must be.
  package var heldBytes = 64 << 20
  /// How long before its time a response may be made, and must be begun. The first is long enough for a crowd to be drawn one after the other,
  /// and short beside the time for which images are kept; the second is what one of the largest takes.
  package var mostLead = Duration.seconds(3)
  package var leastLead = Duration.milliseconds(250)
  /// Seconds that nginx may stall in the middle of a request.
  package var readTimeout = 5
  /// How long requests in flight may take after a stop was asked for.
  package var drainTime = Duration.seconds(30)
  /// How long answers still reach clients after ``EventLoop/closingSignal``: less than what stands in front of the loop waits for them.
  package var closingTime = Duration.seconds(7)

  package init() {}
}
