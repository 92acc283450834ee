import Atomics
import Hashing
package import SharedMemory
package import SystemCalls

// The usage of each limit, in a small segment of its own.
//
//   ┌──────────────┬──────────────────────────────┐
//   │ header 4 KiB │ 4,096 buckets of 16 B         │    bucket: name · state, 8 bytes each
//   └──────────────┴──────────────────────────────┘
//
// A bucket's name is a hash of its owner, its kind, its limit and its refill policy. The bucket is in the first free place from the one
// that the hash selects. Both words are written only by compare-and-swap, so there is no lock that a dead process could leave behind:
//
//   name     0 → name, once and permanently. A process that dies after this leaves a full bucket for the next one.
//   state    old → new by `Bucket`, in one step: units are taken for all processes at once.
//
// A process that dies after taking units leaves them taken for a request that is never answered: only that request is affected.

/// The limits of all keys in shared memory, enforced exactly by all workers together.
@safe
package final class RateLimiter: @unchecked Sendable {
  // The memory of the segment is accessed atomically.
  private let segment: Segment
  private let terms: LimitTerms
  private let clock: WallClock

  private static let bucketCount = 4096
  private static let headerSize = 4096
  private static let bucketSize = 16
  private static let stamp: UInt64 = 1

  /// In bytes.
  package static let segmentSize = headerSize + bucketCount * bucketSize

  /// Opens the limits of a store name.
  ///
  /// - Parameter shared: units per minute for all keys together that have no limit of their own.
  package init(
    name: String, shared: [RateLimitKind: Int] = [:], refill: RefillPolicy = .continuous, clock: WallClock = .system
  ) throws(SegmentError) {
    segment = try unsafe Segment(
      name: Self.segmentName(name), size: Self.segmentSize, stamp: Self.stamp)
    terms = LimitTerms(shared: shared, refill: refill)
    self.clock = clock
  }

  /// Takes units of the account's limit or, if it has none, of the shared one.
  ///
  /// - Returns: the state of the limit afterwards; nil if there is no limit.
  @discardableResult
  package func take(_ units: Int, of kind: RateLimitKind, for account: Account) throws(RateLimitRefusal) -> RateLimitStatus? {
    if account.state == .limited, kind == .images { throw LimitTerms.refusal(of: account, units) }
    guard let (bucket, place) = bucket(kind, account) else { return nil }
    let word = word(2 * place + 1)
    var state = word.load(ordering: .relaxed)
    while true {
      let draw = bucket.take(units, from: state, at: clock.now())
      let status = Self.status(kind, bucket, draw)
      guard let new = draw.state else {
        throw RateLimitRefusal(status: status, requested: units, wait: .nanoseconds(draw.wait))
      }
      if units == 0 { return status }
      let (isExchanged, found) = word.compareExchange(expected: state, desired: new, ordering: .relaxed)
      if isExchanged { return status }
      state = found
    }
  }

  /// The state of the account's limit; nil if there is none.
  package func status(of kind: RateLimitKind, for account: Account) -> RateLimitStatus? {
    do {
      return try take(0, of: kind, for: account)
    } catch {
      return error.status
    }
  }

  /// Fills all buckets, those of other pools on the store too.
  /// - Returns: how many were not full.
  package func reset() -> Int { (0..<Self.bucketCount).count { fill(place: $0) } }

  /// Fills the buckets of the limits that an account has for itself.
  /// - Returns: how many were not full.
  package func reset(_ account: Account) -> Int {
    account.limits.keys.count { kind in bucket(kind, account).map { fill(place: $0.place) } ?? false }
  }

  private func fill(place: Int) -> Bool { word(2 * place + 1).exchange(0, ordering: .relaxed) != 0 }

  /// Whether the shared memory was removed, so that new workers would use another segment.
  package var isRemoved: Bool { segment.hasLostSharedMemory }

  package static func segmentName(_ name: String) -> String { "/fakeai-images-\(name)-limits-v1" }

  package static func remove(_ name: String) { Segment.unlink(segmentName(name)) }

  private static func status(_ kind: RateLimitKind, _ bucket: Bucket, _ draw: Bucket.Draw) -> RateLimitStatus {
    RateLimitStatus(kind: kind, limit: bucket.limit, remaining: draw.remaining, reset: .nanoseconds(draw.reset))
  }

  private func bucket(_ kind: RateLimitKind, _ account: Account) -> (Bucket, place: Int)? {
    guard let (owner, bucket) = terms.limit(of: kind, for: account) else { return nil }
    return (bucket, place(of: Self.bucketName(owner, kind, bucket.limit, bucket.refill)))
  }

  /// Finds a bucket by its name, or creates it. If no place is free, which takes thousands of changes of limits, the one that the hash
  /// selects is shared.
  private func place(of name: UInt64) -> Int {
    let first = Int(name % UInt64(Self.bucketCount))
    for step in 0..<Self.bucketCount {
      let place = (first + step) % Self.bucketCount
      let found = word(2 * place).load(ordering: .relaxed)
      if found == name { return place }
      guard found == 0 else { continue }
      let (isExchanged, winner) = word(2 * place).compareExchange(expected: 0, desired: name, ordering: .relaxed)
      if isExchanged || winner == name { return place }
    }
    return first
  }

  /// A hash of all properties that distinguish buckets; never 0.
  private static func bucketName(_ owner: String, _ kind: RateLimitKind, _ limit: Int, _ refill: RefillPolicy) -> UInt64 {
    max(1, FNV1a.hash("\(owner) \(kind.rawValue) \(limit) \(refill.rawValue)".utf8))
  }

  private func word(_ index: Int) -> UnsafeAtomic<UInt64> {
    segment.word(at: Self.headerSize + index * MemoryLayout<UInt64>.stride)
  }
}
