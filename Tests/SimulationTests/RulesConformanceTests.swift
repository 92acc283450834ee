import Answers
import Redis
import RedisTesting
import RingTesting
import SharedMemory
import Synchronization
import Testing

@testable import Simulation

// What all rules must do, wherever they are kept.

enum RulesKind: CaseIterable {
  case memory, redis, cluster

  var fixture: any RulesFixture {
    switch self {
    case .memory: SharedMemoryRules()
    case .redis: SeveralHosts(client: SharedServers.client)
    case .cluster: SeveralHosts(client: SharedServers.clusterClient)
    }
  }
}

/// Opens rules of one kind: each call opens the same rules, as another worker or another host would.
protocol RulesFixture: Sendable {
  func open(file: RuleDocument?) throws -> any Rules
}

private final class SharedMemoryRules: RulesFixture {
  private let place = TemporaryStore()

  func open(file: RuleDocument?) throws -> any Rules {
    try SharedRules(of: PoolMemory(store: place.name, identity: 1), file: file ?? .empty)
  }
}

/// Hosts with a client and shared memory of their own.
final class SeveralHosts: RulesFixture {
  private let client: @Sendable () throws -> RedisClient
  private let longestWait: Duration
  let prefix = SharedServers.uniquePrefix()
  private let places = Mutex<[TemporaryStore]>([])

  /// - Parameter longestWait: so long that a busy machine confirms every change in time.
  init(longestWait: Duration = .seconds(60), client: @escaping @Sendable () throws -> RedisClient) {
    (self.longestWait, self.client) = (longestWait, client)
  }

  func open(file: RuleDocument?) throws -> any Rules { try host(file: file) }

  /// - Parameter place: the shared memory of a host that was there before; nil: a new host.
  func host(_ name: String? = nil, in place: TemporaryStore = TemporaryStore(), file: RuleDocument? = nil) throws -> RedisRules {
    let number = places.withLock { places in
      places.append(place)
      return places.count
    }
    let pool = PoolMemory(store: place.name, identity: 1)
    return try RedisRules(client(), prefix: prefix, host: name ?? "host \(number)", of: pool, file: file, longestWait: longestWait)
  }
}

let lake = RuleSubject(route: "/v1/images/generations", model: "dall-e-3", size: "1024x1024", prompt: "a lake")

func document(_ json: String) throws -> RuleDocument { try RuleDocument(parsing: Array(json.utf8)) }

extension Rules {
  func refuses(_ session: String = "") throws -> Bool { try verdict(on: lake, of: session).wait().spec.fault == .present(.rateLimit) }
}

@Suite(.timeLimit(.minutes(5))) struct RulesConformanceTests {
  private static let second = #"[{"when":{"every":2},"then":{"fault":"rate_limit"}}]"#
  private static let third = #"[{"when":{"every":3},"then":{"fault":"rate_limit"}}]"#
  private static let always = #"[{"when":{"probability":1},"then":{"fault":"rate_limit"}}]"#

  @Test(arguments: RulesKind.allCases) func `the next request anywhere sees rules that were put, with common counts`(kind: RulesKind) throws
  {
    let fixture = kind.fixture
    let hosts = try (0..<3).map { _ in try fixture.open(file: nil) }
    for round in 0..<20 {
      #expect(try hosts[round % 3].put(document(Self.third), of: "").wait() == RulesChange())
      #expect(try hosts[(round + 1) % 3].document(of: "") == document(Self.third))
      #expect(try (0..<6).map { try hosts[$0 % 3].refuses() } == [false, false, true, false, false, true])
      #expect(try hosts[round % 3].put(document("[]"), of: "").wait() == RulesChange())
      #expect(try hosts[(round + 2) % 3].refuses() == false)
    }
  }

  @Test(arguments: RulesKind.allCases) func `counting is exact with many at once`(kind: RulesKind) throws {
    let fixture = kind.fixture
    let hosts = try (0..<3).map { _ in try fixture.open(file: nil) }
    _ = try hosts[0].put(document(Self.third), of: "").wait()
    let refused = Atomic(0)
    inParallel(3) { index in
      for _ in 0..<1000 where (try? hosts[index].refuses()) == true { refused.add(1, ordering: .relaxed) }
    }
    #expect(refused.load(ordering: .relaxed) == 1000)
  }

  @Test(arguments: RulesKind.allCases) func `nobody is asked if no rule matches, or if none needs a count`(kind: RulesKind) throws {
    let fixture = kind.fixture
    let rules = try fixture.open(file: nil)
    #expect(rules.verdict(on: lake, of: "").isReady)
    let text =
      #"[{"match":{"model":"other"},"when":{"every":2},"then":{"fault":"billing"}},{"when":{"probability":1},"then":{"latency":"2s"}}]"#
    _ = try rules.put(document(text), of: "").wait()
    let answer = rules.verdict(on: lake, of: "")
    #expect(answer.isReady)
    #expect(try answer.wait().spec.latency == .fixed(.seconds(2)) && answer.wait().rules == ["2"])
  }

  @Test(arguments: RulesKind.allCases) func `a session has rules and counts of its own, and begins with those of the file`(kind: RulesKind)
    throws
  {
    let fixture = kind.fixture
    let file = try document(Self.second)
    let (one, other) = (try fixture.open(file: file), try fixture.open(file: file))
    #expect(try [one.refuses("a"), other.refuses("b"), one.refuses(), other.refuses("a")] == [false, false, false, true])
    #expect(try one.put(document(Self.third), of: "b").wait() == RulesChange())
    #expect(try other.document(of: "b") == document(Self.third) && other.document(of: "a") == file)
    #expect(try [one.refuses("b"), other.refuses("b"), one.refuses("b")] == [false, false, true])
    #expect(try one.refuses(), "a change for a session leaves other counts")
    #expect(try other.restore("b").wait().sessions == 1 && other.restore("none").wait().sessions == 0)
    #expect(one.document(of: "b") == file)
    #expect(try [one.refuses("b"), other.refuses("b")] == [false, true])
    #expect(try one.refuses("a") == false)
    #expect(try one.restore("a").wait().sessions == 1)
    #expect(try [other.refuses("a"), other.refuses("a")] == [false, true])
  }

  @Test(arguments: RulesKind.allCases) func `everything is restored at once`(kind: RulesKind) throws {
    let fixture = kind.fixture
    let file = try document(Self.second)
    let (one, other) = (try fixture.open(file: file), try fixture.open(file: file))
    for session in ["", "a", "b"] { _ = try one.put(document(Self.third), of: session).wait() }
    #expect(try other.refuses("c") == false)
    #expect(try other.restore(nil).wait() == RulesChange(sessions: 3))
    for session in ["", "a", "b", "c"] {
      #expect(one.document(of: session) == file)
      #expect(try [one.refuses(session), other.refuses(session)] == [false, true])
    }
  }

  @Test(arguments: RulesKind.allCases) func `as many sessions as allowed have rules or counts, and more when some are restored`(
    kind: RulesKind
  )
    throws
  {
    let fixture = kind.fixture
    let (one, other) = (try fixture.open(file: document(Self.second)), try fixture.open(file: document(Self.second)))
    for number in 0..<SharedRules.mostSessions {
      if number % 8 == 0 { _ = try one.put(document("[]"), of: "\(number)").wait() } else { _ = try other.refuses("\(number)") }
    }
    #expect(throws: RulesError.full) { try one.put(document("[]"), of: "more").wait() }
    #expect(throws: RulesError.full) { try other.refuses("more") }
    #expect(try other.refuses("1") && !one.refuses("8"))
    #expect(try one.restore("8").wait().sessions == 1)
    #expect(try other.refuses("more") == false)
  }

  @Test(arguments: RulesKind.allCases) func `a document that is too long is refused`(kind: RulesKind) throws {
    let fixture = kind.fixture
    let rules = try fixture.open(file: nil)
    let long = try document("[" + String(repeating: " ", count: SharedRules.longestOfSession) + "]")
    #expect(throws: RulesError.tooLong(bytes: 4098, limit: 4096)) { try rules.put(long, of: "a").wait() }
    _ = try rules.put(long, of: "").wait()
    #expect(rules.document(of: "") == long)
  }
}
