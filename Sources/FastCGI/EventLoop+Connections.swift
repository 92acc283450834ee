import Glibc
import SystemPackage

extension EventLoop {
  func serve(_ id: ConnectionID, _ readiness: Poller.Readiness) {
    guard let connection = connection(id) else { return }
    switch connection.state {
    case .idle:
      if !readiness.isDisjoint(with: .hungUp), !hasUnreadBytes(id) { close(id) } else { receive(connection) }
    case .rendering:
      // Nothing may come before the answer: the client has left, and nobody wants the picture any more.
      if renderer.cancel(id) { bodies.leave(id) }
      close(id)
    case .unread, .scheduled, .awaiting, .due: close(id)
    case .reading: break
    case .sending:
      if readiness.contains(.writable) { transmit(connection) } else { close(id) }
    }
  }

  /// Takes the renderer's answer to the connection that asked, if it is still there.
  func finish(_ id: ConnectionID, with response: Response) {
    guard let connection = connection(id), case .rendering(let exchange) = connection.state else { return bodies.leave(id) }
    answer(connection, response, exchange)
  }

  /// Goes on with a connection whose time has come.
  func resume(_ id: ConnectionID) {
    guard let connection = connection(id) else { return }
    switch connection.state {
    case .due(let response, let exchange):
      forgetHeldBytes(of: connection)
      begin(connection, response, exchange)
    case .awaiting: ask(connection)
    case .sending where !connection.awaitsRoom: transmit(connection)
    case .idle, .unread, .reading, .scheduled, .rendering, .sending: break
    }
  }

  /// Refuses what waits for a time that comes only after the loop has stopped.
  func refuseBelatedRequests() {
    for connection in connections.values {
      switch connection.state {
      case .due(let response, let exchange): if !isInTime(response.due ?? .now) { refuse(connection, exchange) }
      case .scheduled(_, let latest, let exchange): if !isInTime(latest) { refuse(connection, exchange) }
      case .idle, .unread, .reading, .rendering, .awaiting, .sending: break
      }
    }
  }

  /// Says that there is no room, or no time, for a request.
  func refuse(_ connection: Connection, _ exchange: RequestState) {
    forgetHeldBytes(of: connection)
    bodies.leave(connection.id)
    if exchange.hasBegun {
      connection.state = .idle
      close(connection.id)
    } else {
      begin(connection, overloaded, exchange)
    }
  }

  func closeIdleConnections() {
    for connection in connections.values {
      if case .idle = connection.state { close(connection.id) }
    }
  }

  private func receive(_ connection: Connection) {
    guard let request = reader.accept(from: connection.id.descriptor, patience: .seconds(limits.readTimeout)) else {
      connection.isClosed = true
      return close(connection.id)
    }
    if bodies.enter(connection.id, request.bodyCount) { take(request, of: connection) } else { wait(connection, request) }
  }

  /// Does what the handler has decided.
  func carryOn(_ connection: Connection, _ reply: Reply, _ exchange: RequestState) {
    switch reply {
    case .now(let response): answer(connection, response, exchange)
    case .awaited(let awaited): wait(connection, for: awaited, exchange)
    case .rendered(let work): render(connection, work, exchange)
    case .scheduled(let window, let work): schedule(connection, work, window, exchange)
    }
  }

  func render(_ connection: Connection, _ work: Work, _ exchange: RequestState) {
    connection.state = .rendering(exchange)
    if renderer.enqueue(work, for: connection.id) { watchRenderer() } else { refuse(connection, exchange) }
  }

  private func forgetHeldBytes(of connection: Connection) {
    if case .due(let response, _) = connection.state { heldBytes -= response.body.count }
  }

  func answer(_ connection: Connection, _ response: Response, _ exchange: RequestState) {
    // What goes on with the answer may need the body still.
    if response.continuation == nil { bodies.leave(connection.id) }
    guard let due = response.due, due > .now else { return begin(connection, response, exchange) }
    guard isInTime(due) else { return refuse(connection, exchange) }
    connection.state = .due(response, exchange)
    heldBytes += response.body.count
    resume(connection.id, at: due)
  }

  private func begin(_ connection: Connection, _ response: Response, _ exchange: RequestState) {
    connection.state = .sending(ResponseWriter(response, id: exchange.requestID, hasBegun: exchange.hasBegun), exchange)
    transmit(connection)
  }

  private func transmit(_ connection: Connection) {
    guard case .sending(var transmission, let exchange) = connection.state else { return }
    let id = connection.id
    do throws(Errno) {
      let progress = try transmission.send(to: id.descriptor)
      try watch(connection, forRoom: progress == .blocked)
      connection.state = .sending(transmission, exchange)
      switch progress {
      case .blocked: break
      case .pausing(let pause): resume(id, at: .now + pause)
      case .sent: finish(connection, transmission, exchange)
      }
    } catch {
      close(id)
    }
  }

  /// Goes on after an answer, or a part of one, that is sent.
  private func finish(_ connection: Connection, _ transmission: ResponseWriter, _ exchange: RequestState) {
    if let continuation = transmission.continuation {
      var exchange = exchange
      exchange.hasBegun = true
      render(connection, Work(continuation), exchange)
    } else if exchange.keepsConnection, !transmission.isTruncated, !isDraining {
      connection.state = .idle
    } else {
      close(connection.id)
    }
  }

  private func watch(_ connection: Connection, forRoom room: Bool) throws(Errno) {
    guard room != connection.awaitsRoom else { return }
    try poller.change(connection.id, awaits: room ? .writable : .readable)
    connection.awaitsRoom = room
  }

  func close(_ id: ConnectionID) {
    if let connection = connections.removeValue(forKey: id.descriptor) {
      forgetHeldBytes(of: connection)
      // The renderer's request still has its body; it is given back when the renderer is done.
      if case .rendering = connection.state {} else { bodies.leave(id) }
    }
    resumeListening()
  }

  func connection(_ id: ConnectionID) -> Connection? {
    guard let connection = connections[id.descriptor], connection.id == id else { return nil }
    return connection
  }

  /// Whether the other side sent something before it closed.
  private func hasUnreadBytes(_ id: ConnectionID) -> Bool {
    var byte: UInt8 = 0
    return unsafe recv(id.descriptor, &byte, 1, CInt(MSG_PEEK) | CInt(MSG_DONTWAIT)) > 0
  }
}
