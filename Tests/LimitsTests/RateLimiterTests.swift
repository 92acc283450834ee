import Limits
import RingTesting
import Synchronization
import SystemCalls
import Testing

@Suite struct RateLimiterTests {
  /// Limits with a name of their own, at a fixed time.
  private final class Fixture: Sendable {
    private let place = TemporaryStore()
    var name: String { place.name }
    let started = Atomic(0)
    let given = Atomic(0)

    func limiter(_ shared: [RateLimitKind: Int] = [:], refill: RefillPolicy = .continuous) throws -> RateLimiter {
      try RateLimiter(name: name, shared: shared, refill: refill, clock: WallClock { 1_795_348_800_000_000_000 })
    }
  }

  @Test func `threads that take at once get exactly the limit`() async throws {
    let fixture = Fixture()
    try await withThrowingTaskGroup { group in
      for _ in 0..<4 {
        group.addTask {
          // Each has its own mapping, as a worker does.
          let limiter = try fixture.limiter([.requests: 400_000])
          // All start together: one that started much earlier would have taken all units.
          fixture.started.add(1, ordering: .relaxed)
          while fixture.started.load(ordering: .relaxed) < 2 { await Task.yield() }
          for _ in 0..<200_000 where (try? limiter.take(1, of: .requests, for: Account())) != nil {
            fixture.given.add(1, ordering: .relaxed)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(fixture.given.load(ordering: .relaxed) == 400_000)
  }

  @Test func `a reset fills the buckets of one account, or all`() throws {
    let limiter = try Fixture().limiter([.requests: 5])
    let (one, other) = (Account(limits: [.images: 5], bucket: "one"), Account(limits: [.images: 5], bucket: "other"))
    for account in [one, other] { for kind in RateLimitKind.allCases { try limiter.take(2, of: kind, for: account) } }
    #expect(limiter.reset(one) == 1 && limiter.reset(one) == 0)
    #expect(limiter.status(of: .images, for: one)?.remaining == 5)
    #expect(limiter.status(of: .images, for: other)?.remaining == 3 && limiter.status(of: .requests, for: one)?.remaining == 1)
    #expect(limiter.reset() == 2)
    #expect(limiter.status(of: .images, for: other)?.remaining == 5 && limiter.status(of: .requests, for: one)?.remaining == 5)
  }

  @Test func `units stay taken when all processes have ended`() throws {
    let fixture = Fixture()
    do {
      let limiter = try fixture.limiter([.images: 5])
      try limiter.take(3, of: .images, for: Account())
    }
    let limiter = try fixture.limiter([.images: 5])
    let status = limiter.status(of: .images, for: Account())
    #expect(status == RateLimitStatus(kind: .images, limit: 5, remaining: 2, reset: .seconds(36)))
  }

  @Test func `a key with its own limit does not use the shared one`() throws {
    let limiter = try Fixture().limiter([.requests: 10, .images: 10])
    let own = Account(limits: [.images: 2], bucket: "sk-own")
    let other = Account(limits: [.images: 2], bucket: "sk-other")
    try limiter.take(2, of: .images, for: own)
    try limiter.take(1, of: .requests, for: own)
    let remaining = [own, other, Account()].map { limiter.status(of: .images, for: $0)?.remaining }
    #expect(remaining == [0, 2, 10])
    let requests = [own, other, Account()].map { limiter.status(of: .requests, for: $0)?.remaining }
    #expect(requests == [9, 9, 9])
  }

  @Test func `without a limit, nothing is refused`() throws {
    let limiter = try Fixture().limiter()
    #expect(try limiter.take(1_000_000, of: .images, for: Account()) == nil)
    #expect(limiter.status(of: .images, for: Account()) == nil)
  }

  @Test func `a refusal reports the available units, the requested ones and the wait`() throws {
    let limiter = try Fixture().limiter([.images: 5])
    try limiter.take(4, of: .images, for: Account())
    let refusal = #expect(throws: RateLimitRefusal.self) { try limiter.take(3, of: .images, for: Account()) }
    #expect(refusal?.status == RateLimitStatus(kind: .images, limit: 5, remaining: 1, reset: .seconds(48)))
    #expect(refusal?.requested == 3 && refusal?.wait == .seconds(24))
  }

  @Test func `a key whose limit is always used up gets no image, but may make requests`() throws {
    let limiter = try Fixture().limiter([.requests: 10, .images: 10])
    let account = Account(state: .limited, limits: [.images: 20], bucket: "sk-limited")
    try limiter.take(1, of: .requests, for: account)
    let refusal = #expect(throws: RateLimitRefusal.self) { try limiter.take(1, of: .images, for: account) }
    #expect(refusal?.status.used == 20 && refusal?.wait == .seconds(3))
    #expect(limiter.status(of: .images, for: account)?.remaining == 0)
  }

  @Test func `a changed limit starts full`() throws {
    let fixture = Fixture()
    let before = try fixture.limiter([.images: 5])
    try before.take(5, of: .images, for: Account())
    let after = try fixture.limiter([.images: 6])
    #expect(after.status(of: .images, for: Account())?.remaining == 6)
    let byTheMinute = try fixture.limiter([.images: 5], refill: .minute)
    #expect(byTheMinute.status(of: .images, for: Account())?.remaining == 5)
  }

  @Test func `limits beyond the capacity share buckets`() throws {
    let limiter = try Fixture().limiter()
    for number in 0..<5000 {
      let status = try? limiter.take(1, of: .images, for: Account(limits: [.images: 1_000_000], bucket: "sk-\(number)"))
      #expect(status != nil)
    }
  }
}
