import Glibc

/// Names a connection for as long as the process lives: descriptors are used again, generations are not.
struct ConnectionID: Hashable, Sendable {
  let descriptor: CInt
  let generation: UInt32
}

/// One connection of nginx, kept between requests.
final class Connection {
  let id: ConnectionID
  var state = State.idle
  /// Whether the poller watches for room to write.
  var awaitsRoom = false
  /// How many requests have come on it.
  var requestCount: UInt32 = 0

  enum State {
    /// It waits for a request.
    case idle
    /// Its request has a body for which there is no memory yet.
    case unread(UnreadRequest)
    /// The intake thread reads its request. Nobody else may touch the descriptor meanwhile, and it is not watched.
    case reading(RequestState)
    /// Its work is to begin by then.
    case scheduled(Work, ContinuousClock.Instant, RequestState)
    /// The renderer has its request.
    case rendering(RequestState)
    /// Its response depends on something that has not happened yet.
    case pending(PendingReply, RequestState)
    /// Its response is ready and waits for its time.
    case due(Response, RequestState)
    /// Its response is on the way.
    case sending(ResponseWriter, RequestState)
  }

  /// Set if libfcgi has closed the descriptor, so that nobody closes another one that got its number.
  var isClosed = false

  init(id: ConnectionID) { self.id = id }

  deinit { if !isClosed { _ = close(id.descriptor) } }

  /// The request that it has and that has not been answered, if its reply is known.
  var unanswered: RequestState? {
    switch state {
    case .idle, .unread, .reading, .sending: nil
    case .scheduled(_, _, let request), .rendering(let request), .pending(_, let request), .due(_, let request):
      request.hasBegun ? nil : request
    }
  }
}

/// What the loop knows of a request while it is answered.
struct RequestState {
  /// FastCGI's number.
  let id: UInt16
  let keepsConnection: Bool
  /// Which of the connection's requests it is, from 1.
  let number: UInt32
  /// See ``Reply``.
  var due: ContinuousClock.Instant?
  var finish: (@Sendable (inout Response) -> Void)?
  /// Whether part of the response has been sent, so that no other response can take its place.
  var hasBegun = false

  init(_ request: UnreadRequest, number: UInt32) {
    (id, keepsConnection, self.number) = (request.id, request.keepsConnection, number)
  }
}
