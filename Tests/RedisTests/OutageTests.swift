import Glibc
import Redis
import RedisTesting
import Synchronization
import Testing

@Suite struct OutageTests {
  private let get = RedisCommand("GET", ["k"], key: "k", isIdempotent: true)

  private func outcome(_ command: RedisCommand, _ client: RedisClient) -> RedisError? {
    do throws(RedisError) {
      _ = try client.call(command)
      return nil
    } catch {
      return error
    }
  }

  @Test func `a server that dies is an error at the deadline, then at once, and is found when it is back`() throws {
    let server = try StandaloneServer()
    let client = try server.client(RedisOptions(timeout: .milliseconds(500)))
    server.process.kill()
    guard case .notSent = outcome(get, client) else {
      Issue.record("a command was sent to a server that is not there")
      return
    }
    #expect(eventually { client.state != .ready })
    // Longer than the timeout has gone by, so nobody waits for it any more.
    let start = ContinuousClock.now
    for _ in 0..<20 { #expect(outcome(get, client) != nil) }
    #expect(start.duration(to: .now) < .milliseconds(500) * 20, "each of them waited for its deadline")
    try server.process.start()
    #expect(eventually { client.state == .ready })
    #expect(outcome(get, client) == nil)
  }

  @Test func `a server that pauses is noticed, and what it was sent is unknown`() throws {
    let server = try StandaloneServer()
    let client = try server.client(RedisOptions(timeout: .milliseconds(500)))
    server.process.pause()
    defer { server.process.resume() }
    guard case .unknown = outcome(RedisCommand("INCR", ["n"]), client) else {
      Issue.record("a command that was sent is certain")
      return
    }
    #expect(eventually { client.state != .ready })
    server.process.resume()
    #expect(eventually { client.state == .ready })
    // It was in the kernel's buffer. Nothing else came after it.
    #expect(try eventually { try client.call(RedisCommand("GET", ["n"])).integer == 1 })
  }

  @Test func `a server that pauses is noticed although nothing is sent to it`() throws {
    let server = try StandaloneServer()
    let client = try server.client(RedisOptions(timeout: .milliseconds(500)))
    server.process.pause()
    defer { server.process.resume() }
    #expect(eventually { client.state.reason?.contains("does not answer") == true || client.state.reason?.contains("PING") == true })
    #expect(client.counters.commands == 0)
  }

  @Test func `what may be repeated is repeated when the connection breaks, and nothing else`() throws {
    let server = try StandaloneServer()
    let client = try server.client(RedisOptions(timeout: .seconds(5)))
    server.process.pause()
    let outcomes = Mutex<[String: Result<RedisReply, RedisError>]>([:])
    client.send(get) { result in outcomes.withLock { $0["GET"] = result } }
    client.send(RedisCommand("INCR", ["n"])) { result in outcomes.withLock { $0["INCR"] = result } }
    usleep(50_000)
    server.process.kill()
    #expect(eventually { outcomes.withLock { $0["INCR"] != nil } })
    guard case .failure(.unknown) = outcomes.withLock({ $0["INCR"] }) else {
      Issue.record("\(String(describing: outcomes.withLock { $0["INCR"] }))")
      return
    }
    #expect(outcomes.withLock { $0["GET"] } == nil)
    try server.process.start()
    #expect(eventually { outcomes.withLock { $0["GET"] } == .success(.null) })
    #expect(try client.call(RedisCommand("EXISTS", ["n"])) == .integer(0))
  }

  @Test func `what waits for a server is bounded by count and by bytes`() throws {
    let server = try StandaloneServer()
    let client = try server.client(RedisOptions(timeout: .seconds(2), queueCount: 100, queueBytes: 1 << 20))
    server.process.pause()
    defer { server.process.resume() }
    /// Checks that of so many commands, so many are accepted.
    func send(_ count: Int, _ command: RedisCommand, _ accepted: ClosedRange<Int>) {
      let refused = Counter()
      for _ in 0..<count {
        client.send(command) { if case .failure(.notSent(let reason)) = $0, reason.contains("wait") { refused.add(1) } }
      }
      #expect(eventually { refused.value >= count - accepted.upperBound })
      #expect(refused.value <= count - accepted.lowerBound)
    }
    // Beside those that wait, a thousand small ones are on their way, or 2 MB.
    send(3000, get, 100...1200)
    send(100, RedisCommand("SET", ["k", RedisArgument([UInt8](repeating: 0, count: 100_000))], isIdempotent: true), 10...20)
  }

  @Test func `a replica is not used as a primary`() throws {
    let primary = try StandaloneServer()
    let replica = try StandaloneServer(["--replicaof", "127.0.0.1", "\(primary.port)"])
    let client = try RedisClient(replica.url)
    #expect(eventually { client.state.reason?.contains("it is a replica") == true })
    #expect(eventually { Tool.output(replica.port, ["INFO", "replication"]).contains("master_link_status:up") })
    #expect(Tool.cli(replica.port, ["REPLICAOF", "NO", "ONE"]))
    #expect(eventually { client.state == .ready })
    #expect(Tool.cli(replica.port, ["REPLICAOF", "127.0.0.1", "\(primary.port)"]))
    // Either the write is refused, or the server has closed the connection.
    #expect(outcome(RedisCommand("SET", ["k", "v"]), client) != nil)
    #expect(eventually { client.state != .ready })
  }

  @Test func `a wrong server is an error`() throws {
    let server = try HostileServer(saying: "HTTP/1.1 400 Bad Request\r\n\r\n")
    let client = try RedisClient(RedisURL(.single(.tcp(host: "127.0.0.1", port: server.port))))
    #expect(eventually { client.state.reason?.contains("the server sent a value of type") == true })
  }

  @Test func `a name is resolved, and one that does not exist is an error`() throws {
    let server = try StandaloneServer()
    let client = try ready(RedisClient(RedisURL(.single(.tcp(host: "localhost", port: server.port)))))
    #expect(outcome(get, client) == nil)
    let lost = try RedisClient(RedisURL(.single(.tcp(host: "no-such-host.invalid", port: 1))))
    #expect(eventually { lost.state.reason?.contains("no-such-host.invalid") == true })
  }

  @Test func `a client that goes answers what is open`() throws {
    let server = try StandaloneServer()
    var client: RedisClient? = try server.client(RedisOptions(timeout: .seconds(60)))
    server.process.pause()
    defer { server.process.resume() }
    let answers = Counter()
    for _ in 0..<10 { client?.send(get) { _ in answers.add(1) } }
    client = nil
    #expect(eventually { answers.value == 10 })
  }
}
