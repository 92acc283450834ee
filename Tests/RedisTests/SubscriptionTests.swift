import Redis
import RedisTesting
import Synchronization
import Testing

@Suite struct SubscriptionTests {
  private final class Log: Sendable {
    private let lines = Mutex<[String]>([])
    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
  }

  @Test func `messages come, and a subscription begins again after a break`() throws {
    let server = try StandaloneServer()
    let client = try server.client()
    let log = Log()
    let subscription = client.subscribe(to: "c", onReady: { log.add("ready") }, onMessage: { log.add(String(decoding: $0, as: UTF8.self)) })
    #expect(eventually { log.all == ["ready"] })
    #expect(try client.call(RedisCommand("PUBLISH", ["c", "1"])) == .integer(1))
    #expect(eventually { log.all == ["ready", "1"] })
    #expect(try client.call(RedisCommand("CLIENT", ["KILL", "TYPE", "pubsub"])) == .integer(1))
    #expect(eventually { log.all == ["ready", "1", "ready"] })
    #expect(try client.call(RedisCommand("PUBLISH", ["c", "2"])) == .integer(1))
    #expect(eventually { log.all.last == "2" })
    subscription.cancel()
    #expect(try eventually { try client.call(RedisCommand("PUBLISH", ["c", "3"])) == .integer(0) })
    #expect(log.all == ["ready", "1", "ready", "2"])
  }
}
