/// The accepted API keys.
package struct Keyring: Sendable, Equatable {
  /// nil if no keys are configured; then any key is accepted, and none is required.
  package let accounts: [String: Account]?

  /// Accepts any key, or none.
  package static let open = Keyring(accounts: nil)

  init(accounts: [String: Account]?) { self.accounts = accounts }

  /// The reason that a key is not accepted.
  package enum Refusal: Error, Equatable {
    case missing
    case unknown
    /// The key begins with ``SessionName/keyPrefix``, and its rest is not the name of a session.
    case badSession(String)
  }

  /// Returns the account of a key.
  package func account(for key: String?) throws(Refusal) -> Account {
    guard let accounts else { return Account(session: try Self.session(of: key)) }
    guard let key else { throw .missing }
    guard let account = accounts[key], account.state != .unknown else { throw .unknown }
    return account
  }

  /// The accounts of the keys in the file that belong to a session.
  package func accounts(of session: String) -> [Account] { accounts.map { $0.values.filter { $0.session == session } } ?? [] }

  /// The session that a key names by itself; "" if it names none.
  private static func session(of key: String?) throws(Refusal) -> String {
    guard let key, key.hasPrefix(SessionName.keyPrefix) else { return "" }
    let name = String(key.dropFirst(SessionName.keyPrefix.count))
    guard SessionName.isValid(name) else { throw .badSession(name) }
    return name
  }

  /// The part of a key that may be shown and still identifies it: its first six and its last three characters, fewer of a short key.
  package static func masked(_ key: String) -> String {
    key.count < 12 ? "\(key.prefix(key.count / 4))***" : "\(key.prefix(6))***\(key.suffix(3))"
  }

  /// The part of a key that is recorded to identify it: its last four characters; nil if the key is hardly longer.
  package static func lastFour(of key: String) -> String? { key.count < 8 ? nil : String(key.suffix(4)) }
}

/// The account of a key: its state and its limits.
package struct Account: Sendable, Equatable {
  package var state = KeyState.ok
  /// The key's own limits, in units per minute. For other kinds, the shared limit applies.
  package var limits: [RateLimitKind: Int] = [:]
  /// Names the key's own buckets; "" if it has none.
  package var bucket = ""
  /// The name of the profile for requests with the key; nil if it has none of its own.
  package var profile: String?
  /// The session of requests that name none in a header; "" if there is none.
  package var session = ""

  package init(state: KeyState = .ok, limits: [RateLimitKind: Int] = [:], bucket: String = "", session: String = "") {
    self.state = state
    self.limits = limits
    self.bucket = bucket
    self.session = session
  }

  /// Images per minute by usage tier, from tier 1 (OpenAI's published limits for its image models).
  package static let imagesPerMinuteByTier = [5, 20, 50, 150, 250]
}

/// The state of a key with the API.
package enum KeyState: String, Sendable, CaseIterable {
  case ok
  /// As if the key had been revoked: refused like an unknown one.
  case unknown
  /// The account's quota is used up.
  case quota
  /// The account has reached its hard limit for billing.
  case billing
  /// The organization has not been verified.
  case unverified
  /// The limit is always used up.
  case limited
}
