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
