import Answers
import Redis
import RedisTesting
import RingTesting
import SharedMemory
import SystemCalls
import Testing

@testable import Simulation

/// What only rules of several hosts can do wrong.
@Suite(.timeLimit(.minutes(5))) struct RedisRulesTests {
  private let server = Result { try StandaloneServer() }
  private let place = TemporaryStore()

  private func several(longestWait: Duration = .seconds(60)) throws -> (SeveralHosts, StandaloneServer) {
    let server = try server.get()
    return (SeveralHosts(longestWait: longestWait) { try server.client() }, server)
  }

  private let second = #"[{"when":{"every":2},"then":{"fault":"rate_limit"}}]"#

  @Test func `a host that starts takes over the rules of the others`() throws {
    let (hosts, _) = try several()
    let first = try hosts.host()
    _ = try first.put(document(second), of: "").wait()
    _ = try first.put(document("[ ]"), of: "a").wait()
    #expect(try first.refuses() == false)
    let late = try hosts.host()
    #expect(try late.document(of: "") == document(second) && late.document(of: "a") == document("[ ]"))
    #expect(try late.refuses())
    #expect(late.hosts.map(\.name) == ["host 1", "host 2"] || eventually { late.hosts.map(\.name) == ["host 1", "host 2"] })
  }

  @Test func `each host counts how often its rules struck`() throws {
    let (hosts, _) = try several()
    let (one, other) = (try hosts.host(), try hosts.host())
    _ = try one.put(document(second), of: "").wait()
    #expect(try [one.refuses(), other.refuses(), one.refuses(), other.refuses()] == [false, true, false, true])
    #expect(one.strikes(of: "").map(\.count) == [0] && other.strikes(of: "").map(\.count) == [2])
  }

  @Test func `a file is put in force on all hosts when it has changed, and only then`() throws {
    let (hosts, _) = try several()
    let (place, other) = (TemporaryStore(), TemporaryStore())
    var files = [try hosts.host("a", in: place, file: document(second)), try hosts.host("b", in: other, file: document("[ ]"))]
    // The last one wins.
    #expect(try eventually { try files[0].document(of: "") == document("[ ]") })
    // A worker that starts anew with the same file changes nothing.
    files.append(try hosts.host("a", in: place, file: document(second)))
    _ = try files[1].put(document(second + " "), of: "").wait()
    files.append(try hosts.host("b", in: other, file: document("[ ]")))
    files.append(try hosts.host("c"))
    for rules in files { #expect(try rules.document(of: "") == document(second + " ")) }
    files.append(try hosts.host("a", in: place, file: document("[  ]")))
    for rules in files { #expect(try eventually { try rules.document(of: "") == document("[  ]") }) }
    #expect(try files[4].put(document("[]"), of: "").wait().unconfirmed == [])
    #expect(try files[1].restore("").wait() == RulesChange(sessions: 1))
    for rules in files { #expect(try rules.document(of: "") == document("[  ]")) }
  }

  @Test func `a change names the hosts that do not confirm it, and a host that is gone is not waited for`() throws {
    let (hosts, server) = try several(longestWait: .seconds(3))
    let rules = try hosts.host()
    let client = try server.client()
    let time = try #require(try client.call(RedisCommand("TIME", [])).array?.first?.integer)
    // One is heard of for an hour, however long the change takes.
    for (name, age) in [("deaf", -3600), ("gone", 10)] {
      _ = try client.call(RedisCommand("HSET", ["\(hosts.prefix){rules}:hosts", "\(name)", "0 \((time - Int64(age)) * 1000)"]))
    }
    let change = try rules.put(document(second), of: "").wait()
    #expect(change.unconfirmed == ["deaf"])
    #expect(try rules.document(of: "") == document(second))
  }

  @Test func `what a host has published outweighs an older reply`() throws {
    let (_, server) = try several()
    let pool = PoolMemory(store: place.name, identity: 1)
    let copy = try SharedRules(copyOf: pool, file: nil)
    let keeper = RulesKeeper(
      try server.client(), RulesKeys(prefix: SharedServers.uniquePrefix()), host: "here", copy: copy, file: nil, longestWait: .seconds(60))
    var work = RulesKeeping(keeper)
    _ = work.act(at: .now)
    work.handle(.message(Array("5 other".utf8)))
    let other = RedisReply.array([.bytes(Array("other".utf8)), .integer(4)])
    work.handle(.beaten(.success(.array([.integer(5), other]))))
    #expect(work.hosts == ["other": 5])
    // Only during the beat: afterwards Redis knows better, as it may have lost its rules.
    _ = work.act(at: .now + .seconds(2))
    work.handle(.beaten(.success(.array([.integer(5), other]))))
    #expect(work.hosts == ["other": 4])
  }

  @Test func `a request that would be counted for old rules is judged by the new ones`() throws {
    let (hosts, server) = try several()
    let rules = try hosts.host()
    _ = try rules.put(document(second), of: "").wait()
    #expect(try rules.refuses() == false)
    // A change of which the host has not heard.
    let client = try server.client()
    let keys = RulesKeys(prefix: hosts.prefix)
    let next = second.replacing("2", with: "1")
    let change = [
      RedisCommand("HSET", ["\(keys.documents)", "", "\(next)"], key: keys.documents),
      RedisCommand("HSET", ["\(keys.versions)", "", 99, "/all", 99], key: keys.versions),
    ]
    for result in client.call(change) { _ = try result.get() }
    #expect(try (0..<3).map { _ in try rules.refuses() } == [true, true, true])
    #expect(try rules.document(of: "") == document(next))
  }

  @Test func `a host that missed a change follows`() throws {
    let (hosts, server) = try several()
    let (one, other) = (try hosts.host(), try hosts.host())
    let client = try server.client()
    for round in 1...3 {
      _ = try client.call(RedisCommand("CLIENT", ["KILL", "TYPE", "pubsub"]))
      let next = try document("[" + String(repeating: " ", count: round) + "]")
      _ = try one.put(next, of: "").wait()
      #expect(eventually { other.document(of: "") == next })
    }
  }

  @Test func `without Redis, only what needs a count fails, and changes do`() throws {
    let (hosts, server) = try several()
    let rules = try hosts.host()
    let text = #"[{"match":{"prompt":"lake"},"when":{"every":2},"then":{"fault":"rate_limit"}}]"#
    _ = try rules.put(document(text), of: "").wait()
    server.process.kill()
    #expect(throws: RulesError.self) { try rules.refuses() }
    #expect(throws: RulesError.self) { try rules.put(document("[]"), of: "").wait() }
    let sea = RuleSubject(route: "/v1/images/generations", prompt: "a sea")
    #expect(try rules.verdict(on: sea, of: "").wait() == RuleVerdict())
    #expect(try rules.document(of: "") == document(text))
  }

  @Test func `what Redis has lost, the hosts put back`() throws {
    let (hosts, server) = try several()
    let (one, other) = (try hosts.host(file: document("[  ]")), try hosts.host())
    _ = try one.put(document(second), of: "").wait()
    _ = try one.put(document("[ ]"), of: "a").wait()
    server.process.kill()
    try server.process.start()
    let late = try hosts.host()
    #expect(try eventually { try late.document(of: "") == document(second) && late.document(of: "a") == document("[ ]") })
    #expect(try [one.refuses(), other.refuses(), late.refuses()] == [false, true, false])
    #expect(try other.restore("").wait() == RulesChange(sessions: 1))
    #expect(try late.document(of: "") == document("[  ]"))
  }
}
