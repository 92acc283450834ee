import SystemCalls

/// The servers of a Cluster. Each key is in a slot, and each slot is served by one primary.
///
/// The map of slots comes from any server, and is asked for again when something contradicts it: a redirection, a connection that broke, a
/// slot without server. A server may be wrong, so a redirection counts more than the map.
final class Cluster: Topology {
  private let seeds: [RedisEndpoint]
  private unowned let loop: ClientLoop
  private var map = SlotMap()
  /// The primaries of the map, and servers that are asked for it because no primary answers.
  private var nodes: [RedisEndpoint: Node] = [:]
  private var isAsking = false
  private var isDoubtful = true
  private var lastAsked: Instant?
  /// Which server is asked next.
  private var turn = 0
  private var reason = "no server of the Cluster was reached yet"

  let demandsPrimary = false
  let mayBeCluster = false

  /// Between two questions, so that a storm of redirections does not become one of questions.
  private static let leastPause = Duration.milliseconds(200)
  /// After which the map is asked for although nothing contradicts it.
  private static let mostPause = Duration.seconds(10)

  init(_ seeds: [RedisEndpoint], _ loop: ClientLoop) { (self.seeds, self.loop) = (seeds, loop) }

  var state: RedisState {
    guard !map.primaries.isEmpty else { return .unavailable(reason) }
    for endpoint in map.primaries { if case .unavailable(let reason)? = nodes[endpoint]?.main.shownState { return .unavailable(reason) } }
    return map.missingSlots == 0 ? .ready : .unavailable("\(map.missingSlots) slots of the Cluster have no server")
  }

  func start() { openScouts() }

  func node(for slot: UInt16?) -> Node? {
    if let slot { return map[slot].flatMap { nodes[$0] } }
    let primaries = map.primaries.lazy.compactMap { self.nodes[$0] }
    return primaries.first { $0.main.state == .ready } ?? primaries.first
  }

  func changed(_ connection: Connection) {
    guard connection.purpose == .commands(.small) else { return }
    if connection.state == .ready, map.primaries.isEmpty { return ask() }
    guard connection.state == .pausing else { return }
    if map.primaries.isEmpty { reason = "\(connection.endpoint): \(connection.reason)" }
    doubt()
  }

  func tick() {
    if isDoubtful || state != .ready || lastAsked == nil || lastAsked!.duration(to: .now) > Self.mostPause { ask() }
  }

  func doubt() {
    isDoubtful = true
    ask()
  }

  // MARK: - The map

  /// Asks one server for the map, unless one was asked just now.
  private func ask() {
    guard !isAsking else { return }
    if let lastAsked, lastAsked.duration(to: .now) < Self.leastPause { return }
    let ready = nodes.values.filter { $0.main.state == .ready }.sorted { "\($0.endpoint)" < "\($1.endpoint)" }
    guard !ready.isEmpty else { return openScouts() }
    turn += 1
    let node = ready[turn % ready.count]
    (isAsking, lastAsked) = (true, .now)
    let request = Request(RedisCommand("CLUSTER", ["SLOTS"]), deadline: .now + loop.options.timeout) { [weak self] result in
      self?.learn(result, from: node.endpoint)
    }
    request.kind = .own
    loop.submit(request, to: node.main)
    // What comes up meanwhile is asked for afterwards.
    loop.after(Self.leastPause) { [weak self] in if self?.isDoubtful == true { self?.ask() } }
  }

  private func learn(_ result: Result<RedisReply, RedisError>, from endpoint: RedisEndpoint) {
    isAsking = false
    guard case .success(let reply) = result, let found = SlotMap(reply, from: endpoint), !found.primaries.isEmpty else {
      if map.primaries.isEmpty { reason = "\(endpoint): no map of slots" }
      return
    }
    isDoubtful = false
    if found != map { use(found) }
  }

  private func use(_ found: SlotMap) {
    map = found
    for endpoint in found.primaries { node(endpoint).main.open() }
    var homeless: [Request] = []
    for (endpoint, node) in nodes where !found.primaries.contains(endpoint) {
      nodes[endpoint] = nil
      homeless += node.close("\(endpoint) is not a primary of the Cluster any more")
    }
    // What waits for a server that cannot be reached may have a new one.
    for node in nodes.values where node.main.state != .ready { homeless += node.takeWaiting() }
    for request in homeless { loop.route(request) }
    loop.unpark()
    loop.subscriptions.leave()
    loop.show()
  }

  private func node(_ endpoint: RedisEndpoint) -> Node {
    if let node = nodes[endpoint] { return node }
    let node = Node(endpoint, loop)
    nodes[endpoint] = node
    return node
  }

  /// Connects to all servers that are known. Those that are no primaries are left when the map is there.
  private func openScouts() { for endpoint in seeds + map.primaries + map.replicas { node(endpoint).main.open() } }

  // MARK: - Redirections

  /// A server has said that another one serves the request.
  ///
  /// - Parameter isForOnce: the slot is being moved, and only this key has arrived there already (`ASK`).
  func redirect(_ request: Request, to endpoint: RedisEndpoint, isForOnce: Bool) {
    let node = node(endpoint)
    let connection = node.connection(for: request)
    if isForOnce {
      let asking = Request(RedisCommand("ASKING", []), deadline: request.deadline) { _ in }
      asking.kind = .own
      connection.enqueue(asking)
    } else if let slot = request.command.slot {
      map.move(slot, to: endpoint)
      doubt()
    }
    node.enqueue(request)
  }

  func close(_ reason: String) -> [Request] { nodes.values.flatMap { $0.close(reason) } }
}
