import SystemPackage

extension EventLoop {
  /// Has a request read for which there is room: at once if it is small, else by the intake thread.
  func take(_ request: UnreadRequest, of connection: Connection) {
    let exchange = RequestState(requestID: request.id, keepsConnection: request.keepsConnection)
    guard !request.isSmall(atMost: bodies.smallBody) else { return carryOn(connection, handler(request.read()), exchange) }
    // Not watched: the loop could neither read what comes nor close the descriptor, which somebody else reads from.
    do throws(Errno) { try poller.remove(connection.id.descriptor) } catch { return close(connection.id) }
    connection.state = .reading(exchange)
    intake.enqueue(request, of: connection.id, redirect: redirect(for: request.head))
  }

  /// Takes the intake thread's reply to the connection that asked. If its client has left meanwhile, the poller tells at once.
  func finishReading(_ id: ConnectionID, with reply: Reply) {
    guard let connection = connection(id), case .reading(let exchange) = connection.state else { return bodies.leave(id) }
    do throws(Errno) { try poller.add(id.descriptor, .connection(id)) } catch {
      connection.state = .idle
      return close(id)
    }
    carryOn(connection, reply, exchange)
  }

  /// Goes on with the requests for whose bodies there is room now.
  func readWaitingBodies() {
    while let id = bodies.next() {
      guard let connection = connection(id), case .unread(let request) = connection.state else { continue }
      take(request, of: connection)
    }
    if bodies.isFull { makeRoomForBodies() }
  }

  /// Lets a request's body wait where it is. Its client may leave meanwhile; what else it sends is of no interest.
  func wait(_ connection: Connection, _ request: UnreadRequest) {
    connection.state = .unread(request)
    do throws(Errno) { try poller.change(connection.id, awaits: []) } catch { close(connection.id) }
  }

  /// Begins work that holds a body before its time: its answer, which then waits, takes less room.
  private func makeRoomForBodies() {
    for id in bodies.holders where hasLeisure {
      guard let connection = connection(id), case .scheduled(let work, _, let exchange) = connection.state else { continue }
      render(connection, work, exchange)
    }
  }
}
