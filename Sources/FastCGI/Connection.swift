import Glibc
import SystemCalls

/// Identifies a connection for the life of the process: descriptors are reused, generations are not.
struct ConnectionID: Hashable, Sendable {
  let descriptor: CInt
  let generation: UInt32
}

/// One connection from nginx, kept open between requests.
final class Connection {
  let id: ConnectionID
  var state = State.idle
  /// Whether the poller waits until the socket is writable.
  var awaitsRoom = false
  /// Number of requests received on this connection.
  var requestCount: UInt32 = 0

  enum State {
    /// Waiting for a request.
    case idle
    /// The request has a body for which there is no memory yet.
    case unread(UnreadRequest)
    /// The intake thread is reading the request. No other thread may touch the descriptor, and the poller does not watch it.
    case reading(RequestState)
    /// The work must begin by this instant.
    case scheduled(Work, Instant, RequestState)
    /// The renderer has the request.
    case rendering(RequestState)
    /// The response depends on an event that has not happened yet.
    case pending(PendingReply, RequestState)
    /// The response is ready and waits for its time.
    case due(Response, RequestState)
    /// The response is being sent.
    case sending(ResponseWriter, RequestState)
    /// The response goes on until the client leaves.
    case streaming(StreamState)
  }

  /// Set if libfcgi has closed the descriptor: its number may belong to another file by now, which must not be closed.
  var isClosed = false

  init(id: ConnectionID) { self.id = id }

  deinit { if !isClosed { _ = close(id.descriptor) } }

  /// The current request, if its reply is known and no response to it has begun.
  var unanswered: RequestState? {
    switch state {
    case .idle, .unread, .reading, .sending, .streaming: nil
    case .scheduled(_, _, let request), .rendering(let request), .pending(_, let request), .due(_, let request):
      request.hasBegun ? nil : request
    }
  }
}

/// What the loop keeps about a request until it is answered.
struct RequestState {
  /// The FastCGI request ID.
  let id: UInt16
  var keepsConnection: Bool
  /// Number of the request on its connection, from 1.
  let number: UInt32
  /// See ``Reply``.
  var due: Instant?
  var finish: (@Sendable (inout Response) -> Void)?
  /// Whether a part of the response has been sent, so that another response can no longer replace it.
  var hasBegun = false

  init(_ request: UnreadRequest, number: UInt32) {
    (id, keepsConnection, self.number) = (request.id, request.keepsConnection, number)
  }
}
