import Glibc
import SystemCalls
import SystemPackage

/// The states of a connection: a request arrives, its reply decides what to do, its response is sent.
extension EventLoop {
  func serve(_ id: ConnectionID, _ readiness: Poller.Readiness) {
    guard let connection = connection(id) else { return }
    switch connection.state {
    case .idle:
      if !readiness.isDisjoint(with: .hungUp), !hasUnreadBytes(id) { close(id) } else { receive(connection) }
    // nginx sends nothing before the response, so the client has left.
    case .unread, .scheduled, .rendering, .pending, .due: close(id)
    case .reading: break
    case .sending:
      if readiness.contains(.writable) { transmit(connection) } else { close(id) }
    case .streaming:
      if readiness.contains(.writable) { transmitStream(connection) } else { close(id) }
    }
  }

  private func receive(_ connection: Connection) {
    guard let request = reader.accept(from: connection.id.descriptor, patience: .seconds(limits.readTimeout)) else {
      connection.isClosed = true
      return close(connection.id)
    }
    if bodies.enter(connection.id, request.bodyCount) { take(request, of: connection) } else { wait(connection, request) }
  }

  /// Reads a request for which memory is reserved: at once if it is small, otherwise on the intake thread.
  private func take(_ request: UnreadRequest, of connection: Connection) {
    connection.requestCount &+= 1
    let state = RequestState(request, number: connection.requestCount)
    guard !request.isSmall(atMost: bodies.smallBody) else { return perform(handler(request.read()), state, connection) }
    // Stop watching: while the intake thread reads from the descriptor, the loop can neither read from it nor close it.
    do throws(Errno) { try poller.remove(connection.id.descriptor) } catch { return close(connection.id) }
    connection.state = .reading(state)
    intake.enqueue(request, of: connection.id, redirect: redirect(for: request.head))
  }

  /// Performs the action of a reply. A response is sent when it is due.
  func perform(_ reply: consuming Reply, _ state: consuming RequestState, _ connection: Connection) {
    state.due = reply.due ?? state.due
    state.finish = reply.finish ?? state.finish
    switch reply.action {
    case .render where !isInTime(.now), .wait where !isInTime(.now): refuse(connection, state)
    case .render(let work): schedule(connection, work, state)
    case .wait(let pending): wait(connection, for: pending, state)
    case .respond(let response):
      // Leaves the response with one owner, so that the headers that are added to it do not copy the others.
      reply.action = Self.taken
      if let stream = response.stream {
        guard hasRoomForStream else { return send(connection, stream.refusal(), state) }
        streams.insert(connection.id)
      }
      // The continuation of a response may still need the body.
      if response.continuation == nil { bodies.leave(connection.id) }
      guard let due = response.due ?? (state.hasBegun ? nil : state.due), due > .now else {
        return send(connection, consume response, state)
      }
      guard isInTime(due) else { return refuse(connection, state) }
      connection.state = .due(response, state)
      heldBytes += response.body.count
      resume(connection.id, at: due)
    }
  }

  private static let taken = Reply.Action.respond(Response())

  /// Delivers a result of another thread to its connection, if the connection still exists.
  func complete(_ item: consuming CompletionQueue.Item) {
    guard let connection = connection(item.connection) else { return bodies.leave(item.connection) }
    switch connection.state {
    case .reading(let state):
      do throws(Errno) { try poller.add(connection.id.descriptor, .connection(connection.id)) } catch { return close(connection.id) }
      // If the client has left meanwhile, the poller reports it at once.
      perform(item.reply, state, connection)
    case .rendering(let state) where item.request == nil: perform(item.reply, state, connection)
    case .pending(_, let state) where item.request == state.number: perform(item.reply, state, connection)
    case .idle, .unread, .scheduled, .rendering, .pending, .due, .sending, .streaming: break
    }
  }

  func render(_ connection: Connection, _ work: Work, _ state: RequestState) {
    connection.state = .rendering(state)
    if renderer.enqueue(work, for: connection.id) { watchRenderer() } else { refuse(connection, state) }
  }

  /// Continues a connection whose time has come.
  func resume(_ id: ConnectionID) {
    guard let connection = connection(id) else { return }
    switch connection.state {
    case .due(let response, let state):
      forgetHeldBytes(of: connection)
      send(connection, response, state)
    case .pending: checkPending(connection)
    case .sending where !connection.awaitsRoom: transmit(connection)
    case .streaming: ask(connection)
    case .idle, .unread, .reading, .scheduled, .rendering, .sending: break
    }
  }

  /// Refuses requests that are due only after the loop has stopped.
  func refuseBelatedRequests() {
    for connection in connections.values {
      switch connection.state {
      case .due(let response, let state): if !isInTime(response.due ?? state.due ?? .now) { refuse(connection, state) }
      case .scheduled(_, let latest, let state): if !isInTime(latest) { refuse(connection, state) }
      case .idle, .unread, .reading, .rendering, .pending, .sending, .streaming: break
      }
    }
  }

  /// Refuses every request that is not answered yet, because the time for that is over, and sends the rest of slow bodies at once.
  ///
  /// The connections are not used again: the renderer may still be working for one of them.
  func refuseUnansweredRequests() {
    for connection in connections.values {
      switch connection.state {
      case .scheduled(_, _, var state), .rendering(var state), .pending(_, var state), .due(_, var state):
        if case .rendering = connection.state { _ = renderer.cancel(connection.id) }
        state.keepsConnection = false
        refuse(connection, state)
      case .unread(let request): refuse(connection, RequestState(request, number: connection.requestCount))
      case .sending(var writer, let state):
        writer.hurry()
        connection.state = .sending(writer, state)
        if !connection.awaitsRoom { transmit(connection) }
      case .streaming: close(connection.id)
      case .idle, .reading: break
      }
    }
  }

  /// Answers that there is no memory, no capacity or no time for a request.
  func refuse(_ connection: Connection, _ state: RequestState) {
    forgetHeldBytes(of: connection)
    bodies.leave(connection.id)
    send(connection, state.hasBegun ? cutShort : overloaded, state)
  }

  /// The only place where a response begins to be sent. Every response, whatever its reason, first passes through the request's `finish`
  /// function.
  private func send(_ connection: Connection, _ response: consuming Response, _ state: consuming RequestState) {
    state.finish?(&response)
    state.finish = nil
    transmit(connection, ResponseWriter(response, id: state.id, hasBegun: state.hasBegun), state)
  }

  func transmit(_ connection: Connection) {
    guard case .sending(let writer, let state) = connection.state else { return }
    transmit(connection, writer, state)
  }

  /// Sends what there is room for. Only a response that is not sent at once becomes the connection's state, which would cost copies.
  private func transmit(_ connection: Connection, _ writer: consuming ResponseWriter, _ state: consuming RequestState) {
    connection.state = .idle
    let id = connection.id
    do throws(Errno) {
      let progress = try writer.send(to: id.descriptor)
      try watch(connection, forRoom: progress == .blocked)
      switch progress {
      case .blocked: connection.state = .sending(writer, state)
      case .pausing(let pause):
        connection.state = .sending(writer, state)
        resume(id, at: .now + pause)
      case .sent: finish(connection, writer, state)
      }
    } catch {
      close(id)
    }
  }

  /// Continues after a response, or a part of one, has been sent.
  private func finish(_ connection: Connection, _ writer: ResponseWriter, _ state: RequestState) {
    if let continuation = writer.continuation {
      var state = state
      state.hasBegun = true
      render(connection, continuation, state)
    } else if let stream = writer.stream {
      open(stream, on: connection, state)
    } else if !state.keepsConnection || writer.isTruncated || isDraining {
      close(connection.id)
    }
  }

  func watch(_ connection: Connection, forRoom room: Bool) throws(Errno) {
    guard room != connection.awaitsRoom else { return }
    try poller.change(connection.id.descriptor, .connection(connection.id), awaits: room ? .writable : .readable)
    connection.awaitsRoom = room
  }

  /// Closes a connection. An unanswered request on it is recorded with status 499 (client closed request), as nginx does.
  func close(_ id: ConnectionID) {
    streams.remove(id)
    if let connection = connections.removeValue(forKey: id.descriptor) {
      forgetHeldBytes(of: connection)
      // If the renderer has begun the request, it still holds the body. The memory is released when the renderer is done.
      if case .rendering = connection.state, !renderer.cancel(id) {} else { bodies.leave(id) }
      if let finish = connection.unanswered?.finish {
        var response = Response(status: 499)
        finish(&response)
      }
    }
    resumeListening()
  }

  func closeIdleConnections() {
    for connection in connections.values {
      if case .idle = connection.state { close(connection.id) }
    }
  }

  func connection(_ id: ConnectionID) -> Connection? {
    guard let connection = connections[id.descriptor], connection.id == id else { return nil }
    return connection
  }

  private func forgetHeldBytes(of connection: Connection) {
    if case .due(let response, _) = connection.state { heldBytes -= response.body.count }
  }

  /// Whether the other side sent anything before it closed.
  private func hasUnreadBytes(_ id: ConnectionID) -> Bool {
    var byte: UInt8 = 0
    return unsafe recv(id.descriptor, &byte, 1, CInt(MSG_PEEK) | CInt(MSG_DONTWAIT)) > 0
  }
}

/// Requests with a body wait until there is memory. Until then nginx keeps the body on disk.
extension EventLoop {
  /// Leaves a request's body with nginx. The client may leave meanwhile; nothing else that it sends matters.
  private func wait(_ connection: Connection, _ request: UnreadRequest) {
    connection.state = .unread(request)
    do throws(Errno) {
      try poller.change(connection.id.descriptor, .connection(connection.id), awaits: [])
    } catch {
      close(connection.id)
    }
  }

  /// Continues the requests for whose bodies there is memory now.
  func readWaitingBodies() {
    while let id = bodies.next() {
      guard let connection = connection(id), case .unread(let request) = connection.state else { continue }
      take(request, of: connection)
    }
    if bodies.isFull { makeRoomForBodies() }
  }

  /// Starts scheduled work that holds a body ahead of its time: the finished response takes less memory than the body.
  private func makeRoomForBodies() {
    for id in bodies.holders where rendererHasCapacity {
      guard let connection = connection(id), case .scheduled(let work, _, let state) = connection.state else { continue }
      render(connection, work, state)
    }
  }
}
