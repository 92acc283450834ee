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
