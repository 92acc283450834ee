import Redis
import RedisTesting
import Synchronization
import Testing

@Suite struct StandaloneTests {
  @Test func `commands of all kinds are answered`() throws {
    let server = try StandaloneServer()
    let client = try server.client()
    #expect(try client.call(RedisCommand("SET", ["k", "v"])) == .status("OK"))
    #expect(try client.call(RedisCommand("GET", ["k"])) == .bytes(Array("v".utf8)))
    #expect(try client.call(RedisCommand("GET", ["none"])) == .null)
    #expect(try client.call(RedisCommand("INCRBY", ["n", 41])) == .integer(41))
    #expect(try client.call(RedisCommand("RPUSH", ["l", "a", "", "c"])).integer == 3)
    let list = try client.call(RedisCommand("LRANGE", ["l", 0, -1]))
    #expect(list == .array([.bytes([97]), .bytes([]), .bytes([99])]))
    let error = #expect(throws: RedisError.self) { try client.call(RedisCommand("INCR", ["k"])) }
    #expect(error?.code == "ERR")
    #expect(client.counters.commands == 7 && client.counters.refused == 1)
  }

  @Test(arguments: [0, 1, 4095, 4096, 4097, 65_535, 1 << 20, 5_000_000]) func `values of any size come back`(count: Int) throws {
    let server = try StandaloneServer()
    let client = try server.client(RedisOptions(timeout: .seconds(20)))
    let value = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    #expect(try client.call(RedisCommand("SET", ["k", RedisArgument(value)])) == .status("OK"))
    let read = client.call([RedisCommand("GET", ["k"], lane: .large), RedisCommand("STRLEN", ["k"], lane: .large)])
    #expect(read == [.success(.bytes(value)), .success(.integer(Int64(count)))])
  }

  @Test func `a script runs by its text once and then by its hash`() throws {
    let server = try StandaloneServer()
    let client = try server.client()
    let script = RedisScript("return {KEYS[1], ARGV[1], redis.call('INCR', KEYS[1])}")
    for number in 1...3 {
      #expect(try client.call(script, keys: ["k"], ["a"]) == .array([.bytes([107]), .bytes([97]), .integer(Int64(number))]))
    }
    let statistics = try #require(try client.call(RedisCommand("INFO", ["commandstats"])).string)
    #expect(statistics.contains("cmdstat_eval:calls=1,"))
    #expect(statistics.contains("cmdstat_evalsha:calls=3,"))
  }

  @Test func `a user with a password uses a database through a unix socket`() throws {
    let server = try StandaloneServer(["--user", "u", "on", ">p%w", "~*", "+@all", "--user", "default", "off"])
    let client = try ready(RedisClient(RedisURL(parsing: "unix://u:p%25w@\(server.socketPath)?db=3")))
    _ = try client.call(RedisCommand("SET", ["k", "v"]))
    #expect(try client.call(RedisCommand("CLIENT", ["INFO"])).string?.contains(" db=3 ") == true)
    #expect(try client.call(RedisCommand("ACL", ["WHOAMI"])).string == "u")
    let stranger = try RedisClient(RedisURL(parsing: "unix://u:secret@\(server.socketPath)"))
    #expect(eventually { stranger.state.reason?.contains("WRONGPASS") == true })
    #expect(stranger.state.reason?.contains("secret") == false)
  }

  @Test func `a server that is not there is an error within the timeout`() throws {
    let client = try RedisClient(
      RedisURL(.single(.tcp(host: "127.0.0.1", port: Ports.free()))), options: RedisOptions(timeout: .milliseconds(200)))
    let error = #expect(throws: RedisError.self) { try client.call(RedisCommand("PING", [])) }
    guard case .notSent = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
