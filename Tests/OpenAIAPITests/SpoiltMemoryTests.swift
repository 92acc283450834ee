import Glibc
import ImageStore
import Journal
import Limits
import Metrics
import RingTesting
import SharedMemory
import Simulation
import SystemCalls
import Testing

/// Any number in shared memory may have any value: another process may have written it.
@Suite(.timeLimit(.minutes(5))) final class SpoiltMemoryTests: Sendable {
  private let place = TemporaryStore()
  private var store: String { place.name }
  private var pool: PoolMemory { PoolMemory(store: store, identity: 1) }

  /// Overwrites a segment except for the header's first words: with random bytes, or with one byte.
  private func spoil(_ name: String, seed: UInt64, sparing spared: Range<Int> = 0..<0, with byte: UInt8? = nil) throws {
    var generator = SeededGenerator(seed: seed)
    let file = shm_open(name, O_RDWR, 0)
    defer { close(file) }
    let size = try Segment.size(of: name)
    let bytes = (0..<size).map { _ in byte ?? UInt8.random(in: 0...255, using: &generator) }
    for range in [64..<max(64, spared.lowerBound), max(64, spared.upperBound)..<size] where !range.isEmpty {
      #expect(pwrite(file, Array(bytes[range]), range.count, off_t(range.lowerBound)) == range.count)
    }
  }

  @Test(arguments: UInt64(0)..<20) func `a scoreboard can be read with any content`(seed: UInt64) throws {
    let routes = ["/a", "/b"]
    let board = try Scoreboard(name: store, worker: 1, routes: routes)
    try spoil(Scoreboard.segmentName(store), seed: seed, with: seed == 0 ? 0xff : nil)
    board.countAnswer(route: 0, status: 200, latency: .seconds(1), bytes: 3)
    board.show(inFlight: 1, deferred: 1)
    let store = StoreStatistics(
      images: 1, bytesUsed: 1, bytesCapacity: 1, imageCapacity: 1, oldest: .min, newest: .max, inserted: .max, evicted: .max,
      expired: .max, lockOwnersDied: .max, readsOvertaken: .max)
    for now in [Int64.min, 0, .max] {
      let moment = PoolSnapshot(store: store, totals: board.totals(), workers: board.workers(), now: now)
      for figure in Metric.store + Metric.pool { _ = figure.samples(moment).map { "\($0.value)" } }
      for worker in moment.workerSnapshots { for figure in Metric.worker { _ = figure.samples(worker) } }
      #expect(moment.workers.count == 1)
      _ = moment.totals.drawing.quantile(0.5)
      _ = moment.totals.drawing.count
    }
  }

  @Test(arguments: UInt64(0)..<20) func `limits work with any content`(seed: UInt64) throws {
    for refill in RefillPolicy.allCases {
      for now in [Int64.min, -1, 0, 1_795_348_800_000_000_000, .max] {
        let limiter = try RateLimiter(name: store, shared: [.images: 5, .requests: 1_000_000], refill: refill, clock: WallClock { now })
        try spoil(RateLimiter.segmentName(store), seed: seed, with: seed == 0 ? 0xff : nil)
        for units in [0, 1, 5, 6, 10] {
          _ = try? limiter.take(units, of: .images, for: Account())
          let status = limiter.status(of: .requests, for: Account())
          #expect(status.map { (0...1_000_000).contains($0.remaining) } == true)
        }
      }
    }
  }

  @Test(arguments: UInt64(0)..<20) func `a journal of random bytes is empty and is abandoned`(seed: UInt64) throws {
    let journal = try Journal(of: pool, size: 10)
    for _ in 0..<12 { _ = journal.record("{}", facts: [:]) }
    // Everything except the lock, of which only the kind can be checked.
    try spoil(pool.journal(size: 10), seed: seed, sparing: 192..<256, with: seed == 0 ? 0xff : nil)
    #expect(journal.page(limit: 1000) == JournalPage(entries: [], oldest: 0, next: 0))
    #expect(journal.page(since: 3, limit: 10).entries.isEmpty)
    #expect(journal.next == 0)
    #expect(!journal.record("{}", facts: [:]))
    #expect(journal.clear() == nil)
    #expect(journal.isRemoved)
    let next = try Journal(of: pool, size: 10)
    #expect(next.record("{}", facts: [:]) && next.page(limit: 10).entries.count == 1)
  }

  @Test(arguments: UInt64(0)..<20) func `rules of random bytes are empty and are abandoned`(seed: UInt64) throws {
    let document = try RuleDocument(parsing: Array(#"[{"then":{"fault":"billing"}}]"#.utf8))
    let board = try SharedRules(of: pool, file: document)
    try spoil(pool.rules, seed: seed, sparing: 128..<192, with: seed == 0 ? 0xff : nil)
    #expect(board.document == .empty)
    let subject = RuleSubject(route: "/v1/images/generations", prompt: "a lake")
    #expect(try board.judge(subject).rules.isEmpty)
    #expect(board.isRemoved)
    #expect(try SharedRules(of: pool, file: document).document == document)
  }

  @Test(arguments: [Int64.min, .min + 1, -1, 0, 1, 1_795_348_800_999_999_999, .max - 1, .max])
  func `times are formatted and compared for any value of the clock`(instant: Int64) throws {
    let clock = WallClock { instant }
    #expect((0...WallClock.last).contains(clock.now()))
    let week: Int64 = 7 * 86_400 * WallClock.nanosecondsPerSecond
    #expect(clock.now() + week > clock.now())
    for time in [instant, clock.now()] {
      #expect(UniversalTime.iso8601(time).wholeMatch(of: /-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
      #expect(UniversalTime.httpDate(time).hasSuffix(" GMT"))
      _ = UniversalTime.timestamp(time)
    }
    let journal = try Journal(of: pool, size: 10, clock: clock)
    #expect(journal.record("{}", facts: [:]))
  }

  @Test func `dates are written as RFC 9110 requires, in every month and on every day of the week`() {
    #expect(UniversalTime.httpDate(784_111_777_000_000_000) == "Sun, 06 Nov 1994 08:49:37 GMT")
    #expect(UniversalTime.httpDate(.max) == "Fri, 11 Apr 2262 23:47:16 GMT")
    #expect(UniversalTime.httpDate(.min) == "Tue, 21 Sep 1677 00:12:43 GMT")
    for day in Int64(0)..<1000 {
      let time = day * 86_431 * WallClock.nanosecondsPerSecond
      var (seconds, parts) = (time_t(day * 86_431), tm())
      unsafe gmtime_r(&seconds, &parts)
      let expected = unsafe String(unsafeUninitializedCapacity: 64) { buffer in
        unsafe buffer.withMemoryRebound(to: CChar.self) { unsafe strftime($0.baseAddress!, $0.count, "%a, %d %b %Y %H:%M:%S GMT", &parts) }
      }
      #expect(UniversalTime.httpDate(time) == expected)
      let rest = Int64(day) * 997 % 1000
      let date = UniversalTime.timestamp(time).replacing(" ", with: "T")
      #expect(UniversalTime.iso8601(time + rest * 1_000_000) == "\(date).\(String(1000 + rest).dropFirst())Z")
    }
  }

  @Test func `times before 1970 are formatted to the millisecond`() {
    #expect(UniversalTime.iso8601(-1) == "1969-12-31T23:59:59.999Z")
    #expect(UniversalTime.iso8601(-1_500_000_000) == "1969-12-31T23:59:58.500Z")
    #expect(UniversalTime.iso8601(-1_000_000_000) == "1969-12-31T23:59:59.000Z")
    #expect(WallClock.nanoseconds(seconds: .max, and: 0) == .max)
    #expect(WallClock.nanoseconds(seconds: .min, and: 999) == .min)
  }
}
