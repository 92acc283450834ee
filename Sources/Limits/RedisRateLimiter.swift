package import Answers
import Hashing
package import Redis
package import SystemCalls

// Each limit is one key, which exists only while units are in use:
//
//   <prefix>{limits:<owner>}:<kind>:<limit>:<refill policy>      the state of a bucket, see `RedisBuckets`
//
// The owner is a hash of the API key, which is nobody's business in Redis, or of "" for the limits that keys share. In a Cluster, the braces
// put both limits of an owner on one node, where one script takes from both.

/// The limits of all keys in Redis, enforced exactly by all workers of all hosts together, by the server's clock.
///
/// Units whose taking was not confirmed in time may be taken or not; they are never taken twice.
package final class RedisRateLimiter: RateLimits {
  private let client: RedisClient
  private let prefix: String
  private let terms: LimitTerms
  private let keyring: Keyring
  /// nil: the server's.
  private let clock: WallClock?

  package let areLocal = false
  /// No shared memory is in use.
  package let isRemoved = false

  /// - Parameters:
  ///   - prefix: of the names of all keys.
  ///   - shared: units per minute for all keys together that have no limit of their own.
  ///   - keyring: the accounts whose limits a reset of everything resets.
  ///   - clock: for tests; nil: the server's clock, which is the same for all hosts.
  package init(
    _ client: RedisClient, prefix: String, shared: [RateLimitKind: Int] = [:], refill: RefillPolicy = .continuous, keyring: Keyring = .open,
    clock: WallClock? = nil
  ) {
    (self.client, self.prefix, self.keyring, self.clock) = (client, prefix, keyring, clock)
    terms = LimitTerms(shared: shared, refill: refill)
  }

  package func admit(images: Int, for account: Account) -> Answer<Admission, RateLimitsUnavailable> {
    let takes = [take(1, of: .requests, for: account), take(images, of: .images, for: account)]
    return answer(to: takes.compactMap { $0 }) { draws in
      var admission = Admission(report: RateLimitReport(draws), refusal: draws.lazy.compactMap(\.refusal).first)
      if account.state == .limited {
        let refusal = LimitTerms.refusal(of: account, images)
        admission.report.images = refusal.status
        if admission.refusal == nil { admission.refusal = refusal }
      }
      return admission
    }
  }

  package func report(for account: Account) -> Answer<RateLimitReport, RateLimitsUnavailable> {
    let takes = [take(0, of: .requests, for: account), take(0, of: .images, for: account)]
    return answer(to: takes.compactMap { $0 }) { draws in
      var report = RateLimitReport(draws)
      if account.state == .limited { report.images = LimitTerms.refusal(of: account, 0).status }
      return report
    }
  }

  package func reset(_ accounts: [Account]?) -> Answer<Int, RateLimitsUnavailable> {
    // A limit that keys share belongs to none of them.
    let owned = accounts ?? keyring.accounts.map { Array($0.values) } ?? []
    let own = owned.map { account in account.limits.map { key(account.bucket, $0.key, $0.value) } }
    let all = (accounts == nil ? own + [sharedKeys] : own).filter { !$0.isEmpty }
    guard !all.isEmpty else { return .ready(.success(0)) }
    return .pending { [client] receive in Self.delete(all[...], client, deleted: 0, receive) }
  }

  private var sharedKeys: [String] {
    RateLimitKind.allCases.compactMap { kind in
      terms.limit(of: kind, for: Account()).map { key($0.owner, kind, $0.bucket.limit) }
    }
  }

  /// Deletes the keys of some owners after those of others, so that a thousand accounts do not fill the client's queue.
  private static func delete(
    _ keys: ArraySlice<[String]>, _ client: RedisClient, deleted: Int, _ receive: @escaping Answer<Int, RateLimitsUnavailable>.Receiver
  ) {
    guard !keys.isEmpty else { return receive(.success(deleted)) }
    let commands = keys.prefix(100).map { RedisCommand("DEL", $0.map { RedisArgument($0) }, key: $0[0], isIdempotent: true) }
    client.send(commands) { results in
      var deleted = deleted
      for result in results {
        switch result {
        case .success(let reply): deleted += Int(reply.integer ?? 0)
        case .failure(let error): return receive(.failure(RateLimitsUnavailable("\(error)")))
        }
      }
      delete(keys.dropFirst(100), client, deleted: deleted, receive)
    }
  }

  /// - Returns: nil if there is no limit, or none that units are taken from.
  private func take(_ units: Int, of kind: RateLimitKind, for account: Account) -> RedisTake? {
    if account.state == .limited, kind == .images { return nil }
    return terms.limit(of: kind, for: account).map { owner, bucket in
      RedisTake(kind: kind, owner: owner, bucket: bucket, units: units, key: key(owner, kind, bucket.limit))
    }
  }

  private func key(_ owner: String, _ kind: RateLimitKind, _ limit: Int) -> String {
    "\(prefix){limits:\(String(FNV1a.hash(owner.utf8), radix: 16))}:\(kind.rawValue):\(limit):\(terms.refill.rawValue)"
  }

  /// Takes from all buckets. Those of one owner take one round trip; a request counts before its images.
  private func answer<Value>(
    to takes: [RedisTake], _ value: @escaping @Sendable ([RedisDraw]) -> Value
  ) -> Answer<Value, RateLimitsUnavailable> {
    guard let first = takes.first else { return .ready(.success(value([]))) }
    let rest = takes.filter { $0.owner != first.owner }
    return .pending { [client, clock] receive in
      RedisBuckets.run(takes.filter { $0.owner == first.owner }, on: client, at: clock?.now()) { result in
        guard !rest.isEmpty, case .success(let draws) = result else { return receive(Self.outcome(result, value)) }
        var others = rest
        if draws.contains(where: { $0.refusal != nil }) { for place in others.indices { others[place].units = 0 } }
        RedisBuckets.run(others, on: client, at: clock?.now()) { receive(Self.outcome($0.map { draws + $0 }, value)) }
      }
    }
  }

  private static func outcome<Value>(
    _ result: Result<[RedisDraw], RedisError>, _ value: ([RedisDraw]) -> Value
  ) -> Result<Value, RateLimitsUnavailable> {
    result.map(value).mapError { RateLimitsUnavailable("\($0)") }
  }
}
