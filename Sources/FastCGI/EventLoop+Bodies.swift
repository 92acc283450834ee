import SystemPackage

extension EventLoop {
  /// Goes on with the requests for whose bodies there is room now.
  func readWaitingBodies() {
    while let id = bodies.next() {
      guard let connection = connection(id), case .unread(let request) = connection.state else { continue }
      do throws(Errno) {
        try poller.change(id, awaits: .readable)
        read(request, of: connection)
      } catch {
        close(id)
      }
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
