import Answers
import Redis
import RedisTesting
import RingTesting
import Synchronization
import SystemCalls
import Testing

@testable import Limits

// What all limits must do, wherever they are kept.

enum LimitsKind: CaseIterable {
  case memory, redis, cluster

  var backend: any LimitsBackend {
    switch self {
    case .memory: SharedMemoryLimits()
    case .redis: RedisLimits(client: SharedServers.client)
    case .cluster: RedisLimits(client: SharedServers.clusterClient)
    }
  }
}

/// Opens limits of one kind: each call opens the same limits, as another process or another host would.
protocol LimitsBackend: Sendable {
  func open(_ shared: [RateLimitKind: Int], refill: RefillPolicy, keyring: Keyring, clock: WallClock) throws -> any RateLimits
}

private struct SharedMemoryLimits: LimitsBackend {
  private let place = TemporaryStore()

  func open(_ shared: [RateLimitKind: Int], refill: RefillPolicy, keyring: Keyring, clock: WallClock) throws -> any RateLimits {
    try RateLimiter(name: place.name, shared: shared, refill: refill, clock: clock)
  }
}

/// Each `open` is another host, with a client of its own.
private struct RedisLimits: LimitsBackend {
  let client: @Sendable () throws -> RedisClient
  let prefix = SharedServers.uniquePrefix()

  func open(_ shared: [RateLimitKind: Int], refill: RefillPolicy, keyring: Keyring, clock: WallClock) throws -> any RateLimits {
    try RedisRateLimiter(client(), prefix: prefix, shared: shared, refill: refill, keyring: keyring, clock: clock)
  }
}

@Suite(.timeLimit(.minutes(5))) struct RateLimitsConformanceTests {
  /// Starts now, because keys in Redis expire by the server's clock, with a whole millisecond, to which memory rounds the beginning of a minute.
  private final class Time: Sendable {
    let now = Atomic(WallClock.system.now() / 1_000_000 * 1_000_000)
    var clock: WallClock { WallClock { self.now.load(ordering: .relaxed) } }
    func pass(_ time: Duration) { now.add(Int64(time / .nanoseconds(1)), ordering: .relaxed) }
  }

  private let time = Time()

  private func open(
    _ backend: any LimitsBackend, _ shared: [RateLimitKind: Int] = [:], refill: RefillPolicy = .continuous, keyring: Keyring = .open
  ) throws -> any RateLimits {
    try backend.open(shared, refill: refill, keyring: keyring, clock: time.clock)
  }

  @Test(arguments: LimitsKind.allCases) func `units that one host takes are missing on all`(kind: LimitsKind) throws {
    let backend = kind.backend
    let hosts = try (0..<2).map { _ in try open(backend, [.requests: 5, .images: 10]) }
    let admission = try hosts[0].admit(images: 3, for: Account()).wait()
    #expect(admission.refusal == nil)
    #expect(admission.report.requests == RateLimitStatus(kind: .requests, limit: 5, remaining: 4, reset: .seconds(12)))
    #expect(admission.report.images == RateLimitStatus(kind: .images, limit: 10, remaining: 7, reset: .seconds(18)))
    #expect(try hosts[1].report(for: Account()).wait() == admission.report)
    time.pass(.seconds(12))
    #expect(try hosts[1].report(for: Account()).wait().requests?.remaining == 5)
    #expect(try hosts[1].report(for: Account()).wait().images?.remaining == 9)
  }

  @Test(arguments: LimitsKind.allCases) func `a request that is refused for its images has used up a request`(kind: LimitsKind) throws {
    let limits = try open(kind.backend, [.requests: 2, .images: 5])
    #expect(try limits.admit(images: 4, for: Account()).wait().refusal == nil)
    let refused = try limits.admit(images: 3, for: Account()).wait()
    let images = RateLimitStatus(kind: .images, limit: 5, remaining: 1, reset: .seconds(48))
    #expect(refused.refusal == RateLimitRefusal(status: images, requested: 3, wait: .seconds(24)))
    #expect(
      refused.report == RateLimitReport(requests: .init(kind: .requests, limit: 2, remaining: 0, reset: .seconds(60)), images: images))
    let last = try limits.admit(images: 1, for: Account()).wait()
    #expect(last.refusal?.status.kind == .requests && last.refusal?.requested == 1 && last.refusal?.wait == .seconds(30))
    #expect(last.report.images == images, "a request that is refused as a request takes no images")
  }

  @Test(arguments: LimitsKind.allCases) func `a key with a limit of its own shares only the others`(kind: LimitsKind) throws {
    let limits = try open(kind.backend, [.requests: 3, .images: 10])
    let (one, other) = (Account(limits: [.images: 2], bucket: "sk-one"), Account(limits: [.images: 2], bucket: "sk-other"))
    #expect(try limits.admit(images: 2, for: one).wait().refusal == nil)
    #expect(try limits.admit(images: 1, for: one).wait().refusal?.status.kind == .images)
    let remaining = try [one, other, Account()].map { account in
      let report = try limits.report(for: account).wait()
      return [report.requests?.remaining, report.images?.remaining]
    }
    #expect(remaining == [[1, 0], [1, 2], [1, 10]])
    #expect(try limits.admit(images: 1, for: other).wait().refusal == nil)
    #expect(try limits.admit(images: 1, for: other).wait().refusal?.status.kind == .requests)
    #expect(try limits.report(for: other).wait().images?.remaining == 1)
  }

  @Test(arguments: LimitsKind.allCases) func `without a limit nothing is refused, and nobody is asked`(kind: LimitsKind) throws {
    let limits = try open(kind.backend)
    let answer = limits.admit(images: 1_000_000, for: Account())
    #expect(answer.isReady)
    #expect(try answer.wait() == Admission(report: RateLimitReport()))
  }

  @Test(arguments: LimitsKind.allCases) func `a key whose limit is always used up may make requests, but no image`(kind: LimitsKind) throws
  {
    let limits = try open(kind.backend, [.requests: 1, .images: 10])
    let account = Account(state: .limited, limits: [.images: 20], bucket: "sk-limited")
    let first = try limits.admit(images: 1, for: account).wait()
    #expect(first.refusal?.status.kind == .images && first.refusal?.wait == .seconds(3) && first.report.requests?.remaining == 0)
    #expect(try limits.admit(images: 1, for: account).wait().refusal?.status.kind == .requests)
    #expect(try limits.report(for: account).wait().images?.remaining == 0)
  }

  @Test(arguments: LimitsKind.allCases) func `a reset makes the units of some accounts available, or of all`(kind: LimitsKind) throws {
    let file = #"[{"key":"one","requests_per_minute":9,"images_per_minute":9},{"key":"other","images_per_minute":9}]"#
    let keyring = try Keyring(file: Array(file.utf8))
    let limits = try open(kind.backend, [.requests: 5], keyring: keyring)
    let accounts = try ["one", "other"].map { try keyring.account(for: $0) }
    for account in accounts { #expect(try limits.admit(images: 2, for: account).wait().refusal == nil) }
    #expect(try limits.reset([accounts[0]]).wait() == 2)
    #expect(try limits.reset([accounts[0]]).wait() == 0)
    #expect(try limits.report(for: accounts[0]).wait().images?.remaining == 9)
    #expect(try limits.report(for: accounts[1]).wait().images?.remaining == 7)
    #expect(try limits.reset(nil).wait() == 2)
    let report = try limits.report(for: accounts[1]).wait()
    #expect(report.images?.remaining == 9 && report.requests?.remaining == 5)
  }

  @Test(arguments: [RefillPolicy.continuous, .minute]) func `memory and Redis decide alike`(refill: RefillPolicy) throws {
    // Limits that divide a minute into whole microseconds.
    let backends = LimitsKind.allCases.map(\.backend)
    for limit in [1, 5, 60, 1000] {
      let account = Account(limits: [.requests: limit * 2, .images: limit], bucket: "sk-\(limit)")
      let limits = try backends.map { try open($0, refill: refill) }
      for _ in 0..<150 {
        time.pass(.milliseconds(Int.random(in: 0...60_000 / limit)))
        let units = Int.random(in: 0...(limit + limit / 4 + 1))
        let admissions = try limits.map { try $0.admit(images: units, for: account).wait() }
        try #require(admissions.allSatisfy { $0 == admissions[0] })
      }
    }
  }

  @Test(arguments: LimitsKind.allCases) func `hosts that take at once get exactly the limit`(kind: LimitsKind) throws {
    let backend = kind.backend
    let hosts = try (0..<3).map { _ in try open(backend, [.images: 5000]) }
    let given = Atomic(0)
    inParallel(3) { index in
      for _ in 0..<2500 where (try? hosts[index].admit(images: 1, for: Account()).wait().refusal) == .some(nil) {
        given.add(1, ordering: .relaxed)
      }
    }
    #expect(given.load(ordering: .relaxed) == 5000)
  }

  @Test func `without Redis there is an error, and afterwards limits as before`() throws {
    let server = try StandaloneServer(["--appendonly", "yes", "--appendfsync", "always"])
    let limits = RedisRateLimiter(try server.client(), prefix: "test:", shared: [.images: 5])
    #expect(try limits.admit(images: 4, for: Account()).wait().refusal == nil)
    server.process.kill()
    #expect(throws: RateLimitsUnavailable.self) { try limits.admit(images: 1, for: Account()).wait() }
    #expect(throws: RateLimitsUnavailable.self) { try limits.reset(nil).wait() }
    try server.process.start()
    #expect(eventually { (try? limits.report(for: Account()).wait().images?.remaining).map { $0 == 1 } ?? false })
  }

  @Test func `neither a key nor its limits outlive the time that they count`() throws {
    let server = try StandaloneServer()
    let client = try server.client()
    let limits = RedisRateLimiter(client, prefix: "test:")
    let account = Account(limits: [.requests: 6000, .images: 6000], bucket: "sk-secret")
    #expect(try limits.admit(images: 10, for: account).wait().refusal == nil)
    let keys = try #require(try client.call(RedisCommand("KEYS", ["*"])).array).compactMap(\.string)
    #expect(keys.allSatisfy { !$0.contains("secret") && $0.hasPrefix("test:{limits:") })
    #expect(eventually { (try? client.call(RedisCommand("DBSIZE", [])).integer) == 0 })
  }
}
