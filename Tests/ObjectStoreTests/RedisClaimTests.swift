import Answers
import ObjectStore
import Redis
import RedisTesting
import Testing

/// Claims that hosts have, of which any may die.
@Suite(.timeLimit(.minutes(5))) struct RedisClaimTests {
  private let server: StandaloneServer
  private let client: RedisClient
  private let name = ObjectName(.batch, "b")!
  private let key: RedisArgument = "p:claim:{batch.b}"

  init() throws {
    server = try StandaloneServer()
    client = try server.client()
  }

  /// A store of another host.
  private func open(lease: Duration) throws -> RedisObjectStore {
    RedisObjectStore(
      try server.client(), prefix: "p:", capacity: ObjectCapacity(kept: 1 << 20, evicted: 1 << 20), lease: lease)
  }

  private func ask(_ name: String, _ arguments: RedisArgument...) throws -> RedisReply { try client.call(RedisCommand(name, arguments)) }

  @Test func `a claim outlives its process by a lease, and no longer`() throws {
    let store = try open(lease: .seconds(60))
    _ = try ask("SET", key, "another")
    #expect(try store.claim(name).wait() == nil)
    // The other one has died, so nobody renews it.
    _ = try ask("PEXPIRE", key, 300)
    var claim: (any ObjectClaim)?
    let isTaken = try eventually {
      claim = try store.claim(name).wait()
      return claim != nil
    }
    #expect(isTaken && claim?.isHeld == true)
    #expect((50_000...60_000).contains(try #require(try ask("PTTL", key).integer)))
  }

  @Test func `a claim is renewed as long as it is held`() throws {
    let (one, other) = (try open(lease: .seconds(3)), try open(lease: .seconds(3)))
    var claim = try one.claim(name).wait()
    #expect(claim != nil)
    var (renewals, last) = (0, Int64.max)
    let isRenewed = try eventually {
      let rest = try ask("PTTL", key).integer ?? 0
      if rest > last { renewals += 1 }
      last = rest
      return renewals == 5
    }
    // That took longer than a lease.
    #expect(isRenewed && claim?.isHeld == true)
    #expect(try other.claim(name).wait() == nil)
    claim = nil
    #expect(try eventually { try ask("EXISTS", key) == .integer(0) })
  }

  @Test func `a claim that is released is not left to its lease`() throws {
    let store = try open(lease: .seconds(600))
    var claim = try store.claim(name).wait()
    #expect(claim != nil)
    #expect(try ask("EXISTS", key) == .integer(1))
    claim = nil
    #expect(try eventually { try ask("EXISTS", key) == .integer(0) })
  }

  @Test func `a claim that another process has is lost, and is left to it`() throws {
    let store = try open(lease: .seconds(2))
    var claim = try store.claim(name).wait()
    _ = try ask("SET", key, "another")
    #expect(eventually { claim?.isHeld == false })
    claim = nil
    _ = try store.claim(ObjectName(.batch, "c")!).wait()
    #expect(try ask("GET", key).string == "another")
  }

  @Test func `a claim is lost when Redis is away for a lease, and can be had again`() throws {
    let store = try open(lease: .seconds(2))
    var old = try store.claim(name).wait()
    server.process.pause()
    #expect(eventually { old?.isHeld == false })
    server.process.resume()
    var new: (any ObjectClaim)?
    #expect(
      eventually {
        new = try? store.claim(name).wait()
        return new != nil
      })
    #expect(old?.isHeld == false && new?.isHeld == true)
    // The old one leaves the new one alone.
    old = nil
    _ = try store.claim(ObjectName(.batch, "c")!).wait()
    #expect(try ask("EXISTS", key) == .integer(1) && store.claim(name).wait() == nil)
  }
}
