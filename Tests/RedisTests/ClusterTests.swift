import Redis
import RedisTesting
import Testing

@Suite(.serialized) struct ClusterTests {
  private static let shared = Result { try RedisCluster() }

  @Test func `keys of all slots are served, from a list of servers or from the plain URL of one`() throws {
    let cluster = try Self.shared.get()
    let plain = try ready(RedisClient(RedisURL(.single(.tcp(host: "127.0.0.1", port: cluster.ports[4])))))
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
    let ids = cluster.ports.prefix(2).compactMap { port in nodes.first { $0.contains(":\(port)@") }?.split(separator: " ").first.map { "\($0)" } }
    #expect(
      Tool.run(
        Tool.client,
        [
          "--cluster", "reshard", "127.0.0.1:\(cluster.ports[0])", "--cluster-from", ids[0], "--cluster-to", ids[1], "--cluster-slots",
          "300", "--cluster-yes",
        ]))
    let (counts, failures) = load.stop()
    #expect(failures.isEmpty)
    for key in keys { #expect(try client.call(RedisCommand("GET", [RedisArgument(key)], key: key)).integer == Int64(counts[key]!)) }
  }

  @Test func `a replica takes over for a primary that died`() throws {
    let cluster = try RedisCluster()
    let client = try cluster.client()
    let keys = (0..<60).map { "f\($0)" }
    for key in keys { _ = try client.call(RedisCommand("SET", [RedisArgument(key), "1"], key: key), replicas: 1) }
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
