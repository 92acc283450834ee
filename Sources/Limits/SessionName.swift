/// The name of a session: a test's own share of the journal and of the rules. "" stands for the requests without a session.
package enum SessionName {
  package static let longest = 64
  /// Completes the sentence "allowed: …".
  package static let allowed = "1 to \(longest) letters, digits, dots, hyphens and underscores"

  package static func isValid(_ name: some StringProtocol) -> Bool {
    (1...longest).contains(name.utf8.count)
      && name.utf8.allSatisfy { (97...122).contains($0 | 0x20) || (48...57).contains($0) || "._-".utf8.contains($0) }
  }

  /// Without a file of keys, the rest of a key that begins like this is the name of its session: for clients that can set only a key and a
  /// base URL. Some clients check the form of a key, and this one has the form of OpenAI's.
  package static let keyPrefix = "sk-session-"
}
