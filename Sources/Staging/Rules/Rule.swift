/// One rule: which requests it is for, which of those it strikes, and how their answers then behave.
package struct Rule: Sendable, Equatable {
  /// What tells its answers, where it has a name; else its place in the document, from 1.
  package var name: String?
  package var match: RuleMatch
  package var when: RuleSchedule
  /// One, or for a sequence as many as that has steps.
  package var then: [Behaviour]

  /// What becomes of the request that is the rule's `count`th; nil where the rule leaves it alone.
  /// - Parameter count: from 1.
  package func behaviour(for count: UInt64) -> Behaviour? {
    when.step(count, of: then.count).map { then[$0] }
  }
}
