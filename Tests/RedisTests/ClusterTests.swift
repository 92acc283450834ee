import Redis
import RedisTesting
import Testing

@Suite(.serialized) struct ClusterTests {
  private static let shared = Result { try RedisCluster() }

  @Test func `keys of all slots are served, from a list of servers or from the plain URL of one`() throws {
    let cluster = try Self.shared.get()
    let plain = try ready(RedisClient(RedisURL(.single(.tcp(host: "127.0.0.1", port: cluster.ports[4]))), options: .patient))
    for client in [try cluster.client(), plain] {
      let commands = (0..<1000).map { RedisCommand("SET", ["k\($0)", RedisArgument($0)], key: "k\($0)", isIdempotent: true) }
      #expect(client.call(commands).allSatisfy { $0 == .success(.status("OK")) })
      let replies = client.call((0..<1000).map { RedisCommand("GET", ["k\($0)"], key: "k\($0)", isIdempotent: true) })
      for (number, reply) in replies.enumerated() { #expect(try reply.get().integer == Int64(number)) }
    }
  }

  @Test func `a command that goes to the wrong server is redirected`() throws {
    let client = try Self.shared.get().client()
    // "{b}" names another slot than the key has.
    #expect(RedisSlot.of("b") != RedisSlot.of("a"))
    #expect(try client.call(RedisCommand("SET", ["a", "1"], key: "b")) == .status("OK"))
    #expect(try client.call(RedisCommand("GET", ["a"], key: "a")).integer == 1)
  }

  @Test func `messages reach subscribers wherever they are`() throws {
    let cluster = try Self.shared.get()
    let (one, other) = (try cluster.client(), try cluster.client())
    let messages = Counter()
    let subscription = one.subscribe(to: "c", onReady: { messages.add(100) }, onMessage: { _ in messages.add(1) })
    #expect(eventually { messages.value == 100 })
    for _ in 0..<3 { _ = try other.call(RedisCommand("PUBLISH", ["c", "m"])) }
    #expect(eventually { messages.value == 103 })
    subscription.cancel()
  }

  @Test func `slots that move during load cost no command`() throws {
    let cluster = try Self.shared.get()
    let client = try cluster.client(RedisOptions(timeout: .seconds(5)))
    let keys = (0..<200).map { "m\($0)" }
    for key in keys { _ = try client.call(RedisCommand("SET", [RedisArgument(key), 0], key: key)) }
    let load = Load(client, keys)
    let nodes = try #require(try client.call(RedisCommand("CLUSTER", ["NODES"])).string).split(separator: "\n")
    let ids = cluster.ports.prefix(2).compactMap { port in
      nodes.first { $0.contains(":\(port)@") }?.split(separator: " ").first.map { "\($0)" }
    }
    #expect(
      Tool.run(
        Tool.client,
        [
          "--cluster", "reshard", "127.0.0.1:\(cluster.ports[0])", "--cluster-from", ids[0], "--cluster-to", ids[1], "--cluster-slots",
          "300", "--cluster-yes",
        ]))
    let (counts, failures) = load.stop()
    #expect(failures.isEmpty && !counts.isEmpty)
    // A slow client may not have come to all keys.
    for key in keys {
      #expect(try client.call(RedisCommand("GET", [RedisArgument(key)], key: key)).integer == Int64(counts[key, default: 0]))
    }
  }

  @Test func `keys of a slot that is being moved are found on either side`() throws {
    let cluster = try Self.shared.get()
    let client = try cluster.client()
    let keys = (0..<10).map { "{moving}\($0)" }
    for key in keys { _ = try client.call(RedisCommand("SET", [RedisArgument(key), "v"], key: key)) }
    let nodes = try #require(try client.call(RedisCommand("CLUSTER", ["NODES"])).string).split(separator: "\n").map {
      $0.split(separator: " ")
    }
    let slot = Int(RedisSlot.of(keys[0]))
    func port(_ node: [Substring]) -> UInt16 { UInt16(node[1].split(separator: "@")[0].split(separator: ":")[1])! }
    let owner = try #require(nodes.first { $0.dropFirst(8).contains { range in Self.covers(range, slot) } })
    let other = try #require(nodes.first { $0[2].contains("master") && $0[0] != owner[0] })
    #expect(Tool.cli(port(other), ["CLUSTER", "SETSLOT", "\(slot)", "IMPORTING", "\(owner[0])"]))
    #expect(Tool.cli(port(owner), ["CLUSTER", "SETSLOT", "\(slot)", "MIGRATING", "\(other[0])"]))
    for key in keys.prefix(5) { #expect(Tool.cli(port(owner), ["MIGRATE", "127.0.0.1", "\(port(other))", key, "0", "5000"])) }
    let before = Self.askings(port(other))
    for key in keys { #expect(try client.call(RedisCommand("GET", [RedisArgument(key)], key: key)).string == "v") }
    #expect(Self.askings(port(other)) == before + 5)
    // The rest moves while several keys are asked for at once.
    let all = RedisCommand("MGET", keys.map { RedisArgument($0) }, key: keys[0])
    let answered = Counter()
    client.send(all, timeout: .seconds(20)) { if (try? $0.get().array?.count) == keys.count { answered.add(1) } }
    for key in keys.dropFirst(5) { #expect(Tool.cli(port(owner), ["MIGRATE", "127.0.0.1", "\(port(other))", key, "0", "5000"])) }
    #expect(eventually { answered.value == 1 })
    for node in [other, owner] { #expect(Tool.cli(port(node), ["CLUSTER", "SETSLOT", "\(slot)", "NODE", "\(other[0])"])) }
    for key in keys { #expect(try client.call(RedisCommand("GET", [RedisArgument(key)], key: key)).string == "v") }
  }

  /// How often a server was told that its client had been sent to it for one command.
  private static func askings(_ port: UInt16) -> Int {
    let line = Tool.output(port, ["INFO", "commandstats"]).split(separator: "\r\n").first { $0.hasPrefix("cmdstat_asking:calls=") }
    return line.flatMap { Int($0.dropFirst(21).prefix { $0 != "," }) } ?? 0
  }

  /// Whether `5461-10922`, or `7`, has the slot.
  private static func covers(_ range: Substring, _ slot: Int) -> Bool {
    let ends = range.split(separator: "-").compactMap { Int($0) }
    return !ends.isEmpty && ends[0] <= slot && slot <= ends.last!
  }

  @Test func `a replica takes over for a primary that died`() throws {
    let cluster = try RedisCluster()
    let client = try cluster.client(RedisOptions(timeout: .seconds(1)))
    let keys = (0..<60).map { "f\($0)" }
    let writer = try cluster.client()
    for key in keys { _ = try writer.call(RedisCommand("SET", [RedisArgument(key), "1"], key: key), replicas: 1) }
    cluster.processes[1].kill()
    var failed = 0
    let allBack = eventually(seconds: 30) {
      let replies = client.call(keys.map { RedisCommand("GET", [RedisArgument($0)], key: $0, isIdempotent: true) })
      failed += replies.count { if case .success = $0 { false } else { true } }
      return replies.allSatisfy { (try? $0.get().integer) == 1 }
    }
    #expect(allBack)
    #expect(failed > 0)
    #expect(eventually { client.state == .ready })
  }
}
