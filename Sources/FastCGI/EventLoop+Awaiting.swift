extension EventLoop {
  /// Answers with an awaited response, or lets the connection wait for it.
  func wait(_ connection: Connection, for awaited: AwaitedResponse, _ exchange: RequestState) {
    connection.state = .awaiting(awaited, exchange)
    guard let interval = ask(connection) else { return }
    awaiting.append(connection.id)
    resume(connection.id, at: awaited.until)
    askForAwaited(in: interval)
  }

  /// Asks for the responses of all connections that wait for one. All at once, so that the loop wakes once an interval, however many wait.
  func askForAwaited() {
    let waiting = awaiting
    awaiting = []
    var shortest: Duration?
    for id in waiting {
      guard let connection = connection(id), let interval = ask(connection) else { continue }
      awaiting.append(id)
      shortest = min(shortest ?? interval, interval)
    }
    if let shortest { askForAwaited(in: shortest) }
  }

  /// Answers a connection that waits, if its response is there or the wait is over.
  /// - Returns: after how long to ask again; nil if it waits no more.
  @discardableResult
  func ask(_ connection: Connection) -> Duration? {
    guard case .awaiting(let awaited, let exchange) = connection.state else { return nil }
    let isOver = isClosing || awaited.until <= .now
    guard let response = awaited.check() ?? (isOver ? awaited.otherwise() : nil) else { return awaited.interval }
    answer(connection, response, exchange)
    return nil
  }
}
