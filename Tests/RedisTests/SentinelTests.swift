import Redis
import RedisTesting
import Testing

@Suite struct SentinelTests {
  @Test func `the primary is found, and so is the one that takes over`() throws {
    let group = try SentinelGroup()
    let client = try ready(RedisClient(group.url))
    // One Sentinel that answers is no majority of three.
    let alone = RedisURL(.sentinel(name: "mymaster", group.sentinelPorts.prefix(1).map { .tcp(host: "127.0.0.1", port: $0) } + dead(2)))
    let lost = try RedisClient(alone)
    #expect(eventually { lost.state.reason?.contains("1 of 3 Sentinels") == true })
    let messages = Counter()
    let subscription = client.subscribe(to: "c", onReady: { messages.add(100) }, onMessage: { _ in messages.add(1) })
    #expect(eventually { messages.value == 100 })
    #expect(try client.call(RedisCommand("SET", ["k", "v"], isIdempotent: true), replicas: 2) == .status("OK"))
    #expect(lost.state != .ready)
    let port = group.servers[0].port
    group.servers[0].process.kill()
    #expect(eventually { client.state != .ready })
    #expect(eventually(seconds: 30) { client.state == .ready })
    #expect(eventually { (try? client.call(RedisCommand("GET", ["k"])).string) == "v" })
    #expect(eventually { messages.value == 200 })
    #expect(try client.call(RedisCommand("PUBLISH", ["c", "m"])) == .integer(1))
    #expect(try client.call(RedisCommand("CONFIG", ["GET", "port"])).array?.last?.string != "\(port)")
    subscription.cancel()
  }

  private func dead(_ count: Int) -> [RedisEndpoint] { (0..<count).map { _ in .tcp(host: "127.0.0.1", port: Ports.free()) } }

  @Test func `without a majority of Sentinels there is no primary`() throws {
    let server = try StandaloneServer()
    let url = RedisURL(.sentinel(name: "m", [server.endpoint, .tcp(host: "127.0.0.1", port: Ports.free())]))
    let client = try RedisClient(url, options: RedisOptions(timeout: .milliseconds(200)))
    let error = #expect(throws: RedisError.self) { try client.call(RedisCommand("GET", ["k"])) }
    guard case .notSent(let reason) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason.contains("Sentinels") || reason.contains("time"))
    #expect(client.state.reason?.contains("0 of 2 Sentinels") == true)
  }
}
