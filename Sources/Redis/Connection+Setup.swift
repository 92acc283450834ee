import SystemCalls

extension Connection {
  /// The commands that ask a new connection if the server is ready, in their order. The last one makes it ready.
  func setup() -> [Request] {
    var requests: [Request] = []
    func add(_ name: String, _ arguments: [RedisArgument] = [], _ receive: @escaping (RedisReply?, String) -> Void) {
      requests.append(
        Request(RedisCommand(name, arguments), deadline: .now + loop.options.patience * 2) { result in
          switch result {
          case .success(let reply): receive(reply, "")
          case .failure(.refused(let text)): receive(nil, text)
          case .failure: break
          }
        })
    }
    let topology = loop.topology!
    if purpose != .sentinel, let password = loop.url.password {
      let arguments = [loop.url.user, password].compactMap { $0 }.map { RedisArgument($0) }
      add("AUTH", arguments) { [self] reply, error in if reply == nil { fail("AUTH was refused: \(error)") } }
    }
    if topology.mayBeCluster, purpose == .commands(.small) {
      add("INFO", ["cluster"]) { [self] reply, _ in
        if reply?.string?.contains("cluster_enabled:1") == true { loop.becomeCluster(endpoint) }
      }
    }
    if purpose != .sentinel, loop.url.database != 0 {
      add("SELECT", [RedisArgument(loop.url.database)]) { [self] reply, error in
        if reply == nil { fail("SELECT \(loop.url.database) was refused: \(error)") }
      }
    }
    if topology.demandsPrimary, purpose != .sentinel {
      // Refused to a user who may not use it; then the server is trusted to be what it should.
      add("ROLE") { [self] reply, error in
        guard let role = reply?.array, let name = role.first?.string else {
          if !error.hasPrefix("NOPERM") { fail("ROLE was refused: \(error)") }
          return
        }
        if name != "master" { fail("it is a \(name == "slave" ? "replica" : name), not a primary") }
      }
    }
    add("PING") { [self] reply, error in
      if reply == .status("PONG") { becomeReady() } else { fail("PING was refused: \(error)") }
    }
    return requests
  }
}
