import Limits
import Testing

@Suite struct BucketTests {
  private static let second: Int64 = 1_000_000_000
  private static let now: Int64 = 1_795_348_800 * second

  @Test(arguments: RefillPolicy.allCases, [1, 5, 7, 100, 1000, 59_999, 1_000_000])
  func `a full bucket gives its limit at once, and not one unit more`(refill: RefillPolicy, limit: Int) throws {
    let bucket = Bucket(limit: limit, refill: refill)
    var state: UInt64 = 0
    // The last ten units one by one.
    let first = max(0, limit - 10)
    if first > 0 { state = try #require(bucket.take(first, from: state, at: Self.now).state) }
    for taken in first..<limit {
      let draw = bucket.take(1, from: state, at: Self.now)
      #expect(draw.remaining == limit - taken - 1)
      state = try #require(draw.state)
    }
    #expect(bucket.take(1, from: state, at: Self.now).state == nil)
    #expect(bucket.take(0, from: state, at: Self.now).remaining == 0)
  }

  @Test func `a bucket of 5 per minute gives one more every 12 s`() throws {
    let bucket = Bucket(limit: 5, refill: .continuous)
    var state = try #require(bucket.take(5, from: 0, at: Self.now).state)
    for second in 1...600 {
      let draw = bucket.take(1, from: state, at: Self.now + Int64(second) * Self.second)
      #expect((draw.state != nil) == (second % 12 == 0))
      #expect(draw.wait == Int64((12 - second % 12) % 12) * Self.second)
      state = draw.state ?? state
    }
  }

  @Test func `a bucket that refills by the minute gives nothing earlier, then all of it`() throws {
    let bucket = Bucket(limit: 5, refill: .minute)
    var state = try #require(bucket.take(2, from: 0, at: Self.now).state)
    state = try #require(bucket.take(3, from: state, at: Self.now + 30 * Self.second).state)
    let early = bucket.take(1, from: state, at: Self.now + 59 * Self.second)
    #expect(early.state == nil && early.wait == Self.second && early.reset == Self.second)
    #expect(bucket.take(5, from: state, at: Self.now + 60 * Self.second).remaining == 0)
  }

  @Test(arguments: RefillPolicy.allCases)
  func `waiting for the reported time is enough and necessary`(refill: RefillPolicy) throws {
    let bucket = Bucket(limit: 7, refill: refill)
    let state = try #require(bucket.take(6, from: 0, at: Self.now).state)
    let refused = bucket.take(4, from: state, at: Self.now + Self.second)
    #expect(refused.state == nil && refused.remaining == 1)
    #expect(bucket.take(4, from: state, at: Self.now + Self.second + refused.wait - 1).state == nil)
    #expect(bucket.take(4, from: state, at: Self.now + Self.second + refused.wait).state != nil)
  }

  @Test(arguments: RefillPolicy.allCases)
  func `reset is the time until the whole limit is available`(refill: RefillPolicy) throws {
    let bucket = Bucket(limit: 5, refill: refill)
    let draw = bucket.take(2, from: 0, at: Self.now)
    let state = try #require(draw.state)
    #expect(bucket.take(5, from: state, at: Self.now + draw.reset - 1).state == nil)
    #expect(bucket.take(5, from: state, at: Self.now + draw.reset).state != nil)
  }

  @Test(arguments: RefillPolicy.allCases)
  func `a request above the limit is refused and takes nothing`(refill: RefillPolicy) {
    let bucket = Bucket(limit: 5, refill: refill)
    let draw = bucket.take(6, from: 0, at: Self.now)
    #expect(draw.state == nil && draw.remaining == 5 && draw.reset == 0)
  }

  @Test(arguments: RefillPolicy.allCases)
  func `a clock set back by an hour leaves the bucket full`(refill: RefillPolicy) throws {
    let bucket = Bucket(limit: 5, refill: refill)
    let state = try #require(bucket.take(5, from: 0, at: Self.now + 3600 * Self.second).state)
    #expect(bucket.take(5, from: state, at: Self.now).state != nil)
  }

  @Test(arguments: RefillPolicy.allCases, [.max, .max / 2, 1, 1 << 63, 0xffff_ffff] as [UInt64])
  func `any state in memory is safe`(refill: RefillPolicy, state: UInt64) {
    let draw = Bucket(limit: 5, refill: refill).take(1, from: state, at: Self.now)
    #expect((0...5).contains(draw.remaining) && draw.wait >= 0 && draw.reset >= 0)
  }
}
