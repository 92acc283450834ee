import Glibc

/// One connection of nginx, kept between requests.
final class Connection {
  let id: ConnectionID
  var state = State.idle
  /// Whether the poller watches for room to write.
  var awaitsRoom = false

  enum State {
    /// Waiting for a request.
    case idle
    /// Its request has a body for which there is no room yet.
    case unread(UnreadRequest)
    /// The intake thread reads its request. Nobody else may touch the descriptor meanwhile, and it is not watched.
    case reading(RequestState)
    /// Its work is to begin by then.
    case scheduled(Work, ContinuousClock.Instant, RequestState)
    /// The renderer has its request.
    case rendering(RequestState)
    /// Its response depends on what is yet to happen.
    case awaiting(AwaitedResponse, RequestState)
    /// Its response is ready and waits for its time.
    case due(Response, RequestState)
    /// Its response is on the way.
    case sending(ResponseWriter, RequestState)
  }

  /// Set where libfcgi has closed the descriptor, so that nobody closes another one that got its number.
  var isClosed = false

  init(id: ConnectionID) { self.id = id }

  deinit { if !isClosed { _ = close(id.descriptor) } }
}

/// What FastCGI wants to know of a request when it is answered.
struct RequestState {
  var requestID: UInt16
  var keepsConnection: Bool
  /// Whether part of the answer has been sent, so that no other answer can take its place.
  var hasBegun = false
}
