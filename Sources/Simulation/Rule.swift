import Hashing

/// One rule: the requests that it matches, the schedule by which it applies to them, and their faults and latencies.
package struct Rule: Sendable, Equatable {
  /// Identifies the rule in responses. If it is nil, the rule's position in the document does, from 1.
  package var name: String?
  package var match: RuleMatch
  package var when: RuleSchedule
  /// One specification; for a sequence, one per step.
  package var then: [FaultSpec]

  /// What identifies it in responses.
  /// - Parameter index: its position in the document.
  func label(at index: Int) -> String { name ?? String(index + 1) }

  /// The specification for the rule's `count`th request; nil if the rule does not apply to it.
  /// - Parameter count: from 1.
  package func spec(for count: UInt64) -> FaultSpec? {
    when.step(count, of: then.count).map { then[$0] }
  }
}

/// Selects the matching requests to which a rule applies. They are counted across all workers, from 1.
package enum RuleSchedule: Sendable, Equatable {
  case always
  /// Every nth request: n, 2n, …
  case every(UInt64)
  /// The first n requests.
  case first(UInt64)
  /// Each request with a probability. With a seed, the same requests each time.
  case probability(Double, seed: UInt64?)
  /// One step after another, each with its own specification. After the last step the rule ends or starts over.
  case sequence(repeats: Bool)

  /// Whether it depends on the count to which requests the rule applies.
  var needsCount: Bool {
    switch self {
    case .always, .probability(_, seed: nil): false
    case .every, .first, .probability, .sequence: true
    }
  }

  /// The index of the specification for the request with that count; nil if the rule does not apply.
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
    // Scrambled first: SplitMix64 states of adjacent seeds would give adjacent sequences.
    var scrambled = SplitMix64(seed: seed)
    var random = SplitMix64(seed: scrambled.next() ^ count)
    return random.nextFraction()
  }
}
