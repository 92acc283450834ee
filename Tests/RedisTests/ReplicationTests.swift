import Redis
import RedisTesting
import Testing

@Suite struct ReplicationTests {
  @Test func `a write is acknowledged when a replica has it`() throws {
    let primary = try StandaloneServer()
    let replica = try StandaloneServer(["--replicaof", "127.0.0.1", "\(primary.port)"])
    let client = try primary.client(RedisOptions(timeout: .seconds(5)))
    #expect(eventually { Tool.output(primary.port, ["INFO", "replication"]).contains("state=online") })
    for number in 0..<100 {
      let command = RedisCommand("SET", ["k\(number)", "v"], key: "k\(number)", isIdempotent: true)
      #expect(try client.call(command, replicas: 1) == .status("OK"))
      #expect(Tool.output(replica.port, ["GET", "k\(number)"]) == "v\n")
    }
  }

  @Test func `many writes share the waiting`() throws {
    let primary = try StandaloneServer()
    let replica = try StandaloneServer(["--replicaof", "127.0.0.1", "\(primary.port)"])
    let client = try primary.client(RedisOptions(timeout: .seconds(10)))
    #expect(eventually { Tool.output(primary.port, ["INFO", "replication"]).contains("state=online") })
    let done = Counter()
    for number in 0..<500 {
      client.send(RedisCommand("SET", ["k\(number)", "v"], isIdempotent: true), replicas: 1) { if case .success = $0 { done.add(1) } }
    }
    #expect(eventually { done.value == 500 })
    let statistics = Tool.output(primary.port, ["INFO", "commandstats"])
    let line = try #require(statistics.split(separator: "\r\n").first { $0.hasPrefix("cmdstat_wait:calls=") })
    let waits = try #require(Int(line.dropFirst(19).prefix { $0 != "," }))
    #expect((1...250).contains(waits))
    withExtendedLifetime(replica) {}
  }

  @Test func `without replica, a write is not acknowledged, which is known at once`() throws {
    let primary = try StandaloneServer()
    let client = try primary.client(RedisOptions(timeout: .seconds(60)))
    let start = ContinuousClock.now
    for _ in 0..<3 {
      let error = #expect(throws: RedisError.self) { try client.call(RedisCommand("SET", ["k", "v"], isIdempotent: true), replicas: 1) }
      #expect(error == .notReplicated(acknowledged: 0, of: 1))
    }
    #expect(start.duration(to: .now) < .seconds(60), "it waited for its deadline")
  }

  @Test func `a replica that pauses costs each write its time, and none is acknowledged`() throws {
    let primary = try StandaloneServer()
    let replica = try StandaloneServer(["--replicaof", "127.0.0.1", "\(primary.port)"])
    let client = try primary.client(RedisOptions(timeout: .milliseconds(1500)))
    #expect(eventually { Tool.output(primary.port, ["INFO", "replication"]).contains("state=online") })
    replica.process.pause()
    defer { replica.process.resume() }
    for _ in 0..<3 {
      let error = #expect(throws: RedisError.self) { try client.call(RedisCommand("SET", ["k", "v"], isIdempotent: true), replicas: 1) }
      #expect(error == .notReplicated(acknowledged: 0, of: 1))
    }
    replica.process.resume()
    #expect(eventually { (try? client.call(RedisCommand("SET", ["k", "v"], isIdempotent: true), replicas: 1)) == .status("OK") })
  }

  @Test func `a user who may only read and write can do that, and learns what else it may not`() throws {
    let server = try StandaloneServer(["--user", "u", "on", ">p", "~*", "+get", "+set", "+ping"])
    let client = try ready(RedisClient(RedisURL(.single(server.endpoint), user: "u", password: "p"), options: .patient))
    let command = RedisCommand("SET", ["k", "v"], key: "k", isIdempotent: true)
    #expect(try client.call(command) == .status("OK"))
    let error = #expect(throws: RedisError.self) { try client.call(command, replicas: 1, timeout: .seconds(20)) }
    guard case .refused(let text) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(text.hasPrefix("WAIT: NOPERM"))
  }
}
