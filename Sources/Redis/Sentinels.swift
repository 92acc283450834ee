import SystemCalls

/// The primary that a majority of Sentinels name.
///
/// They are asked every half second. (They also publish a change, but that saves half a second of the several that a fail-over takes, and
/// would have to be asked after all whenever a connection to them breaks.) An address is used only while a majority name it and its server
/// says that it is a primary: one that was, and comes back, takes writes for seconds that are lost when it learns better.
final class Sentinels: Topology {
  private let name: String
  private let sentinels: [Node]
  private unowned let loop: ClientLoop
  private var votes: [Vote?]
  private var primary: Node?
  private var lastAsked = Instant.now - .seconds(1)

  private struct Vote {
    let endpoint: RedisEndpoint
    let time: Instant
  }

  let demandsPrimary = true
  let mayBeCluster = false

  private static let leastPause = Duration.milliseconds(100)
  /// After which an answer does not count any more.
  private static let lifetime = Duration.seconds(2)

  init(_ name: String, _ endpoints: [RedisEndpoint], _ loop: ClientLoop) {
    (self.name, self.loop) = (name, loop)
    sentinels = endpoints.map { Node($0, loop) }
    votes = [Vote?](repeating: nil, count: endpoints.count)
  }

  var state: RedisState {
    if let primary { return primary.main.shownState }
    let answers = freshVotes.count
    return .unavailable("\(answers) of \(sentinels.count) Sentinels name a primary \(name.debugDescription): a majority must name the same")
  }

  func start() { for sentinel in sentinels { sentinel.connection(.sentinel).open() } }

  func node(for slot: UInt16?) -> Node? { primary }

  func changed(_ connection: Connection) {
    if connection.purpose == .sentinel, connection.state == .ready { return ask(connection) }
    if connection === primary?.main, connection.state == .pausing { askAll() }
  }

  func doubt() {
    primary?.reconnect("it is not the primary any more")
    askAll()
  }

  func tick() { askAll() }

  func close(_ reason: String) -> [Request] { (sentinels + [primary].compactMap { $0 }).flatMap { $0.close(reason) } }

  private func askAll() {
    guard lastAsked.duration(to: .now) >= Self.leastPause else { return }
    lastAsked = .now
    for sentinel in sentinels { ask(sentinel.connection(.sentinel)) }
  }

  private func ask(_ connection: Connection) {
    guard connection.state == .ready, connection.awaiting.isEmpty, connection.waiting.isEmpty else { return }
    let command = RedisCommand("SENTINEL", ["GET-MASTER-ADDR-BY-NAME", RedisArgument(name)])
    let request = Request(command, deadline: .now + loop.options.timeout) { [weak self, endpoint = connection.endpoint] result in
      self?.learn(result, from: endpoint)
    }
    request.kind = .own
    loop.submit(request, to: connection)
  }

  private func learn(_ result: Result<RedisReply, RedisError>, from endpoint: RedisEndpoint) {
    guard let place = sentinels.firstIndex(where: { $0.endpoint == endpoint }), case .success(let reply) = result else { return }
    guard let address = reply.array, address.count == 2, let host = address[0].string, let number = address[1].integer,
      let port = UInt16(exactly: number)
    else {
      votes[place] = nil
      return
    }
    votes[place] = Vote(endpoint: .tcp(host: host, port: port), time: .now)
    count()
  }

  private var freshVotes: [Vote] { votes.compactMap { $0 }.filter { $0.time.duration(to: .now) < Self.lifetime } }

  private func count() {
    let counts = Dictionary(grouping: freshVotes, by: \.endpoint).mapValues(\.count)
    guard let winner = counts.first(where: { $0.value * 2 > sentinels.count })?.key, winner != primary?.endpoint else { return }
    let old = primary
    primary = Node(winner, loop)
    primary!.main.open()
    for request in old?.close("\(winner) is the primary now") ?? [] { loop.route(request) }
    loop.unpark()
    loop.subscriptions.leave()
    loop.show()
  }
}
