import Glibc
import SystemCalls
import SystemPackage

/// Open streams: responses that go on until the client leaves.
///
/// They are not requests in flight: nobody waits for their end, the renderer knows nothing of them, and a stop ends them at once. The loop
/// asks all of them at a tick, which exists only as long as there are any. A client that does not take what it got is cut off, never waited
/// for.
extension EventLoop {
  /// Whether another stream may be opened. The other connections are left to requests.
  var hasRoomForStream: Bool { streams.count < limits.streams }

  /// Begins to ask for the rest of a response whose first part has been sent.
  func open(_ stream: OpenStream, on connection: Connection, _ request: RequestState) {
    narrowSendBuffer(of: connection.id.descriptor)
    connection.state = .streaming(StreamState(source: stream, request: request))
    if isClosing { return end(connection, request) }
    ask(connection)
    tickStreams()
  }

  /// Ends all streams at once: their clients connect again, to a worker that stays.
  func endStreams() {
    for id in streams {
      guard let connection = connection(id), case .streaming(let stream) = connection.state else { continue }
      // The end cannot be told in the middle of a piece.
      if stream.writer == nil { end(connection, stream.request) } else { close(id) }
    }
  }

  /// Sends what the source of a stream has, if the client has taken everything before.
  func ask(_ connection: Connection) {
    guard case .streaming(var stream) = connection.state, stream.writer == nil else { return }
    switch stream.source.news() {
    case .none: break
    case .end: end(connection, stream.request)
    case .bytes(let bytes, let hasMore):
      var piece = Response(body: bytes)
      piece.stream = stream.source
      stream.writer = ResponseWriter(piece, id: stream.request.id, hasBegun: true)
      (stream.hasMore, stream.lastProgress) = (hasMore, .now)
      connection.state = .streaming(stream)
      transmitStream(connection)
    }
  }

  /// Sends more of the current piece.
  func transmitStream(_ connection: Connection) {
    guard case .streaming(var stream) = connection.state, var writer = stream.writer else { return }
    let id = connection.id
    do throws(Errno) {
      let before = writer.sentCount
      let progress = try writer.send(to: id.descriptor)
      if writer.sentCount > before { stream.lastProgress = .now }
      stream.writer = progress == .sent ? nil : writer
      try watch(connection, forRoom: progress == .blocked)
      connection.state = .streaming(stream)
      // Not at once, so that the loop serves others before the next piece.
      if stream.writer == nil, stream.hasMore { resume(id, at: .now + .milliseconds(1)) }
    } catch {
      close(id)
    }
  }

  /// Asks all streams at an interval, as long as there are any.
  private func tickStreams() {
    guard !isTicking, !streams.isEmpty else { return }
    isTicking = true
    after(limits.streamInterval) { [unowned self] in
      isTicking = false
      for id in streams { tick(id) }
      tickStreams()
    }
  }

  private func tick(_ id: ConnectionID) {
    guard let connection = connection(id), case .streaming(let stream) = connection.state else { return }
    guard stream.writer != nil else { return ask(connection) }
    if .now - stream.lastProgress > limits.streamPatience { close(id) }
  }

  /// Sends the end of the response, and closes the connection when that is sent: nginx must not use it again, since its send buffer is
  /// small.
  private func end(_ connection: Connection, _ request: RequestState) {
    var request = request
    request.keepsConnection = false
    connection.state = .sending(ResponseWriter(Response(), id: request.id, hasBegun: true), request)
    transmit(connection)
  }

  /// Limits the kernel's share of what a slow client has not taken. An image needs the large buffer of ``accept()``; a thousand streams
  /// must not have one each.
  private func narrowSendBuffer(of descriptor: CInt) {
    var size: CInt = 64 << 10
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<CInt>.size))
  }
}
