/// The keys that open the API.
package struct Keyring: Sendable, Equatable {
  /// nil: no keys were configured, so any opens it, and none does as well.
  package let accounts: [String: Account]?

  /// Any key or none.
  package static let open = Keyring(accounts: nil)

  init(accounts: [String: Account]?) { self.accounts = accounts }

  /// Why a key opens nothing.
  package enum Refusal: Error, Equatable {
    case missing
    case unknown
  }

  /// Finds what a key opens.
  package func account(for key: String?) throws(Refusal) -> Account {
    guard let accounts else { return Account() }
    guard let key else { throw .missing }
    guard let account = accounts[key], account.state != .unknown else { throw .unknown }
    return account
  }

  /// What may be shown of a key and still be told from others: its first six and its last three characters, less of one that is short.
  package static func masked(_ key: String) -> String {
    key.count < 12 ? "\(key.prefix(key.count / 4))***" : "\(key.prefix(6))***\(key.suffix(3))"
  }

  /// What is kept of a key to tell it from others: its last four characters; nil for one that has hardly more.
  package static func lastFour(of key: String) -> String? { key.count < 8 ? nil : String(key.suffix(4)) }
}

/// What a key opens: how it stands, and how much it may use.
package struct Account: Sendable, Equatable {
  package var state = KeyState.ok
  /// The key's own limits, in units a minute. What is not here counts against the limit for all.
  package var limits: [RateLimitKind: Int] = [:]
  /// Names the key's own buckets; "": it has none.
  package var bucket = ""

  package init(state: KeyState = .ok, limits: [RateLimitKind: Int] = [:], bucket: String = "") {
    self.state = state
    self.limits = limits
    self.bucket = bucket
  }

  /// Images a minute by usage tier, from tier 1 (OpenAI's published limits for its image models).
  package static let imagesPerMinuteByTier = [5, 20, 50, 150, 250]
}

/// How a key stands with the API.
package enum KeyState: String, Sendable, CaseIterable {
  case ok
  /// As if it had been revoked: refused like one that nobody knows.
  case unknown
  /// The account's quota is used up.
  case quota
  /// The account has reached its hard limit for billing.
  case billing
  /// The organisation has not been verified.
  case unverified
  /// Its limit is used up, now and always.
  case limited
}
