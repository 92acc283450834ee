import Hashing

/// One rule: which requests it is for, which of those it strikes, and how their answers then behave.
package struct Rule: Sendable, Equatable {
  /// What tells its answers, where it has a name; else its place in the document, from 1.
  package var name: String?
  package var match: RuleMatch
  package var when: RuleSchedule
  /// One, or for a sequence as many as that has steps.
  package var then: [FaultSpec]

  /// What becomes of the request that is the rule's `count`th; nil where the rule leaves it alone.
  /// - Parameter count: from 1.
  package func spec(for count: UInt64) -> FaultSpec? {
    when.step(count, of: then.count).map { then[$0] }
  }
}

/// Which of the requests that fit a rule it strikes. They are counted over all workers, from 1.
package enum RuleSchedule: Sendable, Equatable {
  case always
  /// The nth, the 2nth, …
  case every(UInt64)
  /// The first so many.
  case first(UInt64)
  /// Each with that probability. With a seed, the same ones each time.
  case probability(Double, seed: UInt64?)
  /// One after the other, each with a behaviour of its own; after the last none, or all over again.
  case sequence(repeats: Bool)

  /// Which of the rule's behaviours is for the request of that count; nil: none.
  func step(_ count: UInt64, of steps: Int) -> Int? {
    switch self {
    case .always: 0
    case .every(let nth): count % nth == 0 ? 0 : nil
    case .first(let limit): count <= limit ? 0 : nil
    case .probability(let probability, let seed): Self.draw(seed, count) < probability ? 0 : nil
    case .sequence(let repeats): repeats || count <= UInt64(steps) ? Int((count - 1) % UInt64(steps)) : nil
    }
  }

  private static func draw(_ seed: UInt64?, _ count: UInt64) -> Double {
    guard let seed else { return .random(in: 0..<1) }
    // Scrambled first, for SplitMix64's states of neighbouring seeds would give neighbouring sequences.
    var scrambled = SplitMix64(seed: seed)
    var random = SplitMix64(seed: scrambled.next() ^ count)
    return random.nextFraction()
  }
}
