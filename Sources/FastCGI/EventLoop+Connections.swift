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
      renderer.cancel(id)
      close(id)
    case .awaiting, .due: close(id)
    case .sending:
      if readiness.contains(.writable) { transmit(connection) } else { close(id) }
    }
  }

  /// Takes the renderer's answer to the connection that asked, if it is still there.
  func finish(_ id: ConnectionID, with response: Response) {
    guard let connection = connection(id), case .rendering(let exchange) = connection.state else { return }
    answer(connection, response, exchange)
  }

  /// Goes on with a connection whose time has come.
  func sendDue(_ id: ConnectionID) {
    guard let connection = connection(id) else { return }
    switch connection.state {
    case .due(let response, let exchange): begin(connection, response, exchange)
    case .awaiting(let awaited, let exchange): ask(connection, awaited, exchange)
    case .idle, .rendering, .sending: break
    }
  }

  func closeIdleConnections() {
    for connection in connections.values {
      if case .idle = connection.state { close(connection.id) }
    }
  }

  private func receive(_ connection: Connection) {
    switch reader.read(from: connection.id.descriptor) {
    case .closed:
      connection.isClosed = true
      close(connection.id)
    case .request(let request, let requestID, let keepsConnection):
      reply(to: request, connection, Exchange(requestID: requestID, keepsConnection: keepsConnection))
    }
  }

  private func reply(to request: Request, _ connection: Connection, _ exchange: Exchange) {
    switch handler(request) {
    case .now(let response): answer(connection, response, exchange)
    case .awaited(let awaited): ask(connection, awaited, exchange)
    case .rendered(let work): render(connection, work, exchange)
    }
  }

  private func render(_ connection: Connection, _ work: @escaping @Sendable () -> Response, _ exchange: Exchange) {
    connection.state = .rendering(exchange)
    guard !renderer.enqueue(RendererThread.Job(connection: connection.id, run: work)) else { return }
    if exchange.hasBegun { close(connection.id) } else { answer(connection, overloaded, exchange) }
  }

  func answer(_ connection: Connection, _ response: Response, _ exchange: Exchange) {
    if let due = response.due, due > .now {
      connection.state = .due(response, exchange)
      sendDue(connection.id, at: due)
    } else {
      begin(connection, response, exchange)
    }
  }

  private func begin(_ connection: Connection, _ response: Response, _ exchange: Exchange) {
    connection.state = .sending(Transmission(response, id: exchange.requestID, hasBegun: exchange.hasBegun), exchange)
    transmit(connection)
  }

  private func transmit(_ connection: Connection) {
    guard case .sending(var transmission, let exchange) = connection.state else { return }
    let id = connection.id
    do throws(Errno) {
      let isSent = try transmission.send(to: id.descriptor)
      if isSent != !connection.awaitsRoom {
        try poller.change(id, awaitsRoom: !isSent)
        connection.awaitsRoom = !isSent
      }
      if !isSent {
        connection.state = .sending(transmission, exchange)
      } else if let continuation = transmission.continuation {
        var exchange = exchange
        exchange.hasBegun = true
        render(connection, continuation, exchange)
      } else if exchange.keepsConnection, !isDraining {
        connection.state = .idle
      } else {
        close(id)
      }
    } catch {
      close(id)
    }
  }

  private func close(_ id: ConnectionID) {
    connections[id.descriptor] = nil
    resumeListening()
  }

  private func connection(_ id: ConnectionID) -> Connection? {
    guard let connection = connections[id.descriptor], connection.id == id else { return nil }
    return connection
  }

  /// Whether the other side sent something before it closed.
  private func hasUnreadBytes(_ id: ConnectionID) -> Bool {
    var byte: UInt8 = 0
    return unsafe recv(id.descriptor, &byte, 1, CInt(MSG_PEEK) | CInt(MSG_DONTWAIT)) > 0
  }
}
