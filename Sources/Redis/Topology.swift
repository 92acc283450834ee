/// Which servers there are, and which of them serves a command. Lives on the client's thread.
protocol Topology: AnyObject {
  /// Whether a server may only be used if it says that it is a primary. (A node of a Cluster redirects what it does not serve.)
  var demandsPrimary: Bool { get }
  /// Whether it is not known yet if the server belongs to a Cluster.
  var mayBeCluster: Bool { get }
  var state: RedisState { get }

  func start()

  /// The server for a key in that slot, or for a command without key; nil if none is known now.
  func node(for slot: UInt16?) -> Node?

  /// A connection became ready or broke.
  func changed(_ connection: Connection)

  /// Something has shown that another server may be responsible now.
  func doubt()

  /// Called about every half second.
  func tick()

  /// Closes all connections, for good.
  /// - Returns: the requests that may be sent elsewhere.
  func close(_ reason: String) -> [Request]
}

/// One server.
final class SingleServer: Topology {
  private let node: Node
  let demandsPrimary = true
  let mayBeCluster: Bool

  /// - Parameter endpoint: a server that may belong to a Cluster, unless its socket is a unix socket.
  init(_ endpoint: RedisEndpoint, _ loop: ClientLoop) {
    node = Node(endpoint, loop)
    if case .tcp = endpoint { mayBeCluster = true } else { mayBeCluster = false }
  }

  var state: RedisState { node.main.shownState }

  func start() { node.main.open() }
  func node(for slot: UInt16?) -> Node? { node }
  func changed(_ connection: Connection) {}
  /// A replica refuses writes: asks again for its role.
  func doubt() { node.reconnect("it is not the primary any more") }
  func tick() {}
  func close(_ reason: String) -> [Request] { node.close(reason) }
}

extension Connection {
  /// Unavailable only if an attempt to connect failed, because most breaks are over at once.
  var shownState: RedisState {
    switch state {
    case .ready: .ready
    case .pausing where failures == 0, .opening where failures == 0, .probing where failures == 0: readySince != nil ? .ready : unavailable
    default: unavailable
    }
  }

  private var unavailable: RedisState { .unavailable("\(endpoint): \(reason)") }
}

extension Node {
  /// Makes all connections anew.
  func reconnect(_ reason: String) { for connection in connections.values where connection.state == .ready { connection.fail(reason) } }
}
