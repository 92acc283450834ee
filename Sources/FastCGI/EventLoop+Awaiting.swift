extension EventLoop {
  /// Answers with an awaited response, or asks for it again a little later.
  func ask(_ connection: Connection, _ awaited: AwaitedResponse, _ exchange: Exchange) {
    let isOver = awaited.until <= .now || isClosing
    if let response = awaited.check() ?? (isOver ? awaited.otherwise() : nil) {
      answer(connection, response, exchange)
    } else {
      connection.state = .awaiting(awaited, exchange)
      resume(connection.id, at: min(.now + awaited.interval, awaited.until))
    }
  }
}
