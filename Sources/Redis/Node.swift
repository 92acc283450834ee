/// A server, with the connections to it. Each is made when it is first used.
final class Node {
  let endpoint: RedisEndpoint
  private unowned let loop: ClientLoop
  private(set) var connections: [Connection.Purpose: Connection] = [:]

  init(_ endpoint: RedisEndpoint, _ loop: ClientLoop) { (self.endpoint, self.loop) = (endpoint, loop) }

  func connection(_ purpose: Connection.Purpose) -> Connection {
    if let connection = connections[purpose] { return connection }
    let connection = Connection(to: endpoint, purpose, loop)
    connections[purpose] = connection
    return connection
  }

  func connection(for request: Request) -> Connection { connection(.commands(request.command.lane)) }

  /// Takes a request, or answers it at once if the server has not been there for longer than a command may take.
  func enqueue(_ request: Request) {
    if let reason = main.giveUpReason { return loop.answer(request, .failure(.notSent(reason))) }
    connection(for: request).enqueue(request)
  }

  /// The connection whose state is the node's.
  var main: Connection { connection(.commands(.small)) }

  /// Removes and returns the requests that were not begun.
  func takeWaiting() -> [Request] { connections.values.flatMap { $0.takeWaiting() } }

  /// Closes all connections, for good.
  /// - Returns: the requests that were not answered, of which some are answered now because they must not be repeated.
  func close(_ reason: String) -> [Request] { connections.values.flatMap { $0.retire(reason) } }
}
