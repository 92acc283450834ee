/// Which requests a rule is for: those that fit all that is said here.
package struct RuleMatch: Sendable, Equatable {
  /// A path; without one, the rule is for requests that make images.
  package var route: Pattern?
  package var model: Pattern?
  package var size: Pattern?
  /// The API key that the client sent.
  package var key: Pattern?
  /// What the prompt contains, letter for letter.
  package var prompt: String?

  /// A text, or with `*` as its last character the beginning of one.
  package struct Pattern: Sendable, Equatable {
    package var text: String

    package func fits(_ value: String?) -> Bool {
      guard let value else { return false }
      return text.hasSuffix("*") ? value.hasPrefix(text.dropLast()) : value == text
    }
  }

  package func fits(_ subject: RuleSubject) -> Bool {
    (route.map { $0.fits(subject.route) } ?? subject.makesImages)
      && [(model, subject.model), (size, subject.size), (key, subject.key)].allSatisfy { $0.0?.fits($0.1) ?? true }
      && (prompt.map { subject.prompt?.contains($0) ?? false } ?? true)
  }
}
