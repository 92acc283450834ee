/// Which limit applies to which account: its own or, if it has none, the one that all accounts without one share.
struct LimitTerms: Sendable {
  private let shared: Account
  let refill: RefillPolicy

  /// - Parameter shared: units per minute for all keys together that have no limit of their own.
  init(shared: [RateLimitKind: Int], refill: RefillPolicy) {
    self.shared = Account(limits: shared)
    self.refill = refill
  }

  /// The limit of an account and the name of its owner, "" if it is shared; nil if there is no limit.
  func limit(of kind: RateLimitKind, for account: Account) -> (owner: String, bucket: Bucket)? {
    let owner = account.limits[kind] == nil ? shared : account
    return owner.limits[kind].map { (owner.bucket, Bucket(limit: $0, refill: refill)) }
  }

  /// The refusal of images for a key whose limit is always used up: as if the last image had been taken just now.
  static func refusal(of account: Account, _ units: Int) -> RateLimitRefusal {
    let limit = account.limits[.images] ?? Account.imagesPerMinuteByTier[0]
    let status = RateLimitStatus(kind: .images, limit: limit, remaining: 0, reset: .seconds(60))
    return RateLimitRefusal(status: status, requested: units, wait: .seconds(60) / limit)
  }
}
