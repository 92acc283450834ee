import Answers
import Redis
import RedisTesting
import RingTesting
import SharedMemory
import Synchronization
import Testing

@testable import Simulation

@Suite(.timeLimit(.minutes(5))) struct PictureTurnsTests {
  private static let three = #"[{"match":{"model":"other"},"then":{"picture":["x"]}},{"then":{"picture":["a","b","c"]}}]"#

  private func turn(_ rules: any Rules, _ count: Int = 1, of session: String = "") throws -> UInt64 {
    let turns = try #require(try rules.verdict(on: lake, of: session).wait().turns)
    return try rules.takeTurns(count, of: turns, session: session).wait()
  }

  @Test(arguments: RulesKind.allCases) func `the images of all requests take turns, one after the other`(kind: RulesKind) throws {
    let fixture = kind.fixture
    let hosts = try (0..<3).map { _ in try fixture.open(file: nil) }
    _ = try hosts[0].put(document(Self.three), of: "").wait()
    #expect(try (0..<4).map { try turn(hosts[$0 % 3], $0 + 1) } == [0, 1, 3, 6])
    _ = try hosts[1].put(document(Self.three), of: "").wait()
    #expect(try turn(hosts[2]) == 0, "with new rules, turns begin again")
  }

  @Test(arguments: RulesKind.allCases) func `a session has turns of its own`(kind: RulesKind) throws {
    let fixture = kind.fixture
    let rules = try fixture.open(file: document(Self.three))
    #expect(try turn(rules, 2) == 0 && turn(rules, of: "a") == 0 && turn(rules, of: "b") == 0)
    #expect(try turn(rules) == 2 && turn(rules, of: "a") == 1)
    _ = try rules.put(document(Self.three), of: "a").wait()
    #expect(try turn(rules, of: "a") == 0 && turn(rules, of: "b") == 1)
  }

  @Test(arguments: RulesKind.allCases) func `turns are exact with many at once`(kind: RulesKind) throws {
    let fixture = kind.fixture
    let hosts = try (0..<3).map { _ in try fixture.open(file: nil) }
    _ = try hosts[0].put(document(Self.three), of: "").wait()
    _ = try hosts.map { try turn($0) }
    let taken = Mutex<[UInt64]>([])
    inParallel(3) { index in
      for _ in 0..<300 {
        guard let first = try? turn(hosts[index], 2) else { continue }
        taken.withLock { $0 += [first, first + 1] }
      }
    }
    #expect(taken.withLock { $0.sorted() } == Array(3..<1803))
  }

  @Test(arguments: RulesKind.allCases) func `a request that was judged by older rules takes no turn of the new ones`(kind: RulesKind) throws
  {
    let fixture = kind.fixture
    let rules = try fixture.open(file: nil)
    _ = try rules.put(document(Self.three), of: "").wait()
    let turns = try #require(try rules.verdict(on: lake, of: "").wait().turns)
    #expect(try rules.takeTurns(5, of: turns, session: "").wait() == 0)
    _ = try rules.put(document(#"[{"then":{}},{"then":{"picture":["d","e"]}}]"#), of: "").wait()
    // In memory, the older turns may still be counted; in Redis they are gone.
    let late = try rules.takeTurns(5, of: turns, session: "").wait()
    #expect(late == 5 || late == 0)
    #expect(try turn(rules, 2) == 0 && turn(rules) == 2)
  }

  /// As when a host judges by its copy of the rules before it knows the version by which they came.
  @Test(arguments: [RulesKind.redis, .cluster]) func `a rule that stays the same when the rules are replaced goes on with turns`(
    kind: RulesKind
  ) throws {
    let fixture = kind.fixture
    let (one, other) = (try fixture.open(file: nil), try fixture.open(file: nil))
    _ = try one.put(document(Self.three), of: "").wait()
    let turns = try #require(try one.verdict(on: lake, of: "").wait().turns)
    _ = try other.put(document(Self.three), of: "").wait()
    #expect(try one.takeTurns(2, of: turns, session: "").wait() == 0)
    #expect(try turn(other) == 2, "the late request took turns of the new rules")
  }

  @Test(arguments: RulesKind.allCases) func `each rule has turns of its own`(kind: RulesKind) throws {
    let fixture = kind.fixture
    let rules = try fixture.open(
      file: document(#"[{"match":{"model":"dall-e-2"},"then":{"picture":["a","b"]}},{"then":{"picture":["c","d"]}}]"#))
    let other = RuleSubject(route: lake.route, model: "dall-e-2", size: lake.size, prompt: lake.prompt)
    func turn(_ subject: RuleSubject) throws -> UInt64 {
      let turns = try #require(try rules.verdict(on: subject, of: "").wait().turns)
      return try rules.takeTurns(1, of: turns, session: "").wait()
    }
    #expect(try [lake, other, lake, other, other].map(turn) == [0, 0, 1, 1, 2])
  }

  @Test(arguments: RulesKind.allCases) func `the first turn of a session needs room for the session`(kind: RulesKind) throws {
    let fixture = kind.fixture
    let rules = try fixture.open(file: document(Self.three))
    for number in 0..<SharedRules.mostSessions { _ = try turn(rules, of: "\(number)") }
    #expect(throws: RulesError.full) { try turn(rules, of: "more") }
    _ = try rules.restore("8").wait()
    #expect(try turn(rules, 2, of: "more") == 0 && turn(rules, of: "more") == 2)
  }

  @Test func `a counter that somebody has changed in Redis ends no worker`() throws {
    let hosts = SeveralHosts(client: SharedServers.client)
    let rules = try hosts.open(file: document(Self.three))
    #expect(try turn(rules) == 0)
    let client = try SharedServers.client()
    let keys = try client.call(RedisCommand("KEYS", [RedisArgument("\(hosts.prefix){rules}:counts:*")]))
    guard case .array(let keys) = keys, !keys.isEmpty else {
      Issue.record("no counters: \(keys)")
      return
    }
    for key in keys.compactMap(\.string) {
      _ = try client.call(RedisCommand("HSET", [RedisArgument(key), RedisArgument("turns 1"), RedisArgument("-3")]))
    }
    #expect(try turn(rules, 5) == 0 && turn(rules) == 2)
  }

  @Test func `the rule that applies first has the turns, and counts nothing else`() throws {
    let place = TemporaryStore()
    let rules = try SharedRules(
      of: PoolMemory(store: place.name, identity: 1),
      file: document(#"[{"when":{"every":2},"then":{"picture":["a","b"]}},{"name":"usual","then":{"picture":["c","d"]}}]"#))
    let verdicts = try (0..<4).map { _ in try rules.judge(lake) }
    #expect(verdicts.map(\.turns?.rule) == [1, 0, 1, 0])
    #expect(rules.countTurns(3, of: verdicts[0].turns!, session: "") == 0 && rules.countTurns(1, of: verdicts[1].turns!, session: "") == 0)
    #expect(rules.strikes(of: "") == [RuleStrikes(rule: "1", count: 2), RuleStrikes(rule: "usual", count: 2)])
    #expect(try rules.judge(lake).spec.picture == .files(["c", "d"]))
  }
}
