/// Bounds of an event loop.
package struct EventLoopLimits: Sendable {
  /// Maximum number of connections. Further ones wait in the backlog of the listening socket, or another worker accepts them.
  package var connections = 4096
  /// Number of open streams. It must leave connections for requests. Further streams are refused.
  package var streams = 1024
  /// How often open streams are asked for what is new.
  package var streamInterval = Duration.milliseconds(100)
  /// How long the client of a stream may take nothing of what it got before it is cut off.
  package var streamPatience = Duration.seconds(30)
  /// Bytes of the largest request body that is read: an upload of 50 MB and the other fields of its form.
  package var bodyBytes = 52 << 20
  /// Bytes of all request bodies in memory at once; a single larger body is admitted alone. The other bodies wait in nginx.
  package var bodyRoom = 32 << 20
  /// Bytes of the largest body that never waits, does not count, and is parsed on the loop. Most requests without an upload are smaller.
  package var smallBodyBytes = 16 << 10
  /// Number of requests that may wait for the renderer. It allows one per connection, because thousands of delayed ones may come due at
  /// once.
  package var waitingForRenderer = 4096
  /// Bytes of finished responses that may wait for their time. Above that, a response is finished only when it must be.
  package var heldBytes = 64 << 20
  /// How long before its time a response may be made, and by when its work must begin. The first is long enough for many images to be drawn
  /// one after the other, and short compared with the time for which images are kept. The second is the time that one of the largest images
  /// takes.
  package var mostLead = Duration.seconds(3)
  package var leastLead = Duration.milliseconds(250)
  /// Seconds that nginx may pause in the middle of a request.
  package var readTimeout = 5
  /// How long requests in flight may take after the stop.
  package var drainTime = Duration.seconds(30)
  /// How long responses still reach clients after ``EventLoop/closingSignal``: less than the server in front of the loop waits for them.
  package var closingTime = Duration.seconds(7)
  /// How long the refusals of the requests that were not finished in time may take to be sent.
  package var farewellTime = Duration.seconds(1)

  package init() {}
}
