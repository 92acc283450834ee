package import Answers

/// The rules in force and their counts, the same for all processes that share them. Those of one machine share memory and answer at once;
/// those of several hosts may ask a server.
///
/// A session has rules and counts of its own. It begins with the rules of the file of the settings. "" stands for the requests without a
/// session.
package protocol Rules: Sendable {
  /// The document in force for the requests of a session.
  func document(of session: String) -> RuleDocument

  /// Counts a request for all rules of its session that match it. If several rules apply, the first takes precedence.
  ///
  /// - Parameter subject: evaluated only if there are rules.
  func verdict(on subject: @autoclosure () -> RuleSubject, of session: String) -> Answer<RuleVerdict, RulesError>

  /// Takes the turns of images, each of which shows the next of a rule's pictures. They are counted with the rules, and begin at 0 with them.
  ///
  /// - Parameter count: images, at least 1.
  /// - Returns: the number of the first turn, from 0. If the rules were replaced after the verdict, it is a turn of the older ones,
  ///   of the same rule among the newer ones, or 0.
  func takeTurns(_ count: Int, of turns: PictureTurns, session: String) -> Answer<UInt64, RulesError>

  /// Puts another document in force everywhere. Its counts begin at 0; those of other sessions continue.
  func put(_ document: RuleDocument, of session: String) -> Answer<RulesChange, RulesError>

  /// Puts the rules of the file in force again, with counts that begin at 0.
  /// - Parameter session: nil: for all requests.
  func restore(_ session: String?) -> Answer<RulesChange, RulesError>

  /// How often each of the rules in force for a session has applied to a request since it was put in force. If there are several hosts, only
  /// the requests of this one count.
  func strikes(of session: String) -> [RuleStrikes]

  /// The hosts that share the rules and have given a sign of life in the last seconds; empty if only one machine can have them.
  var hosts: [RulesHost] { get }

  /// Whether the shared memory was removed or damaged, so that new workers would have other rules.
  var isRemoved: Bool { get }
}

/// The effect of the rules on a request.
package struct RuleVerdict: Sendable, Equatable {
  package var spec = FaultSpec()
  /// The rules that applied, by name or number.
  package var rules: [String] = []
  /// Their positions in the document.
  private(set) var indices: [Int] = []
  /// Whose turns the images take; nil unless a rule chooses pictures.
  package private(set) var turns: PictureTurns?

  package init() {}

  /// Adds the effect of a rule after those that take precedence over it.
  ///
  /// - Parameters:
  ///   - index: its position in the document.
  ///   - count: the number of the request among those that the rule matches, from 1.
  ///   - current: the rules.
  mutating func add(_ rule: Rule, at index: Int, count: UInt64, in current: SharedRules.Current) {
    guard let ruling = rule.spec(for: count) else { return }
    if spec.picture == nil, case .files? = ruling.picture { turns = PictureTurns(of: rule, at: index, in: current) }
    let filled = spec.filled(from: ruling)
    if filled != spec {
      rules.append(rule.label(at: index))
      indices.append(index)
    }
    spec = filled
  }
}

/// Identifies the counter of a rule's pictures.
package struct PictureTurns: Sendable, Equatable {
  /// The rule's position in its document.
  let rule: Int
  private let text: Rule
  /// The edition of the document: see ``SharedRules/Current``.
  let generation: UInt64
  let version: UInt64
  let isOwn: Bool

  init(of rule: Rule, at index: Int, in current: SharedRules.Current) {
    (text, self.rule, generation, version, isOwn) = (rule, index, current.generation, current.version, current.isOwn)
  }

  /// The counter of the same rule in a later edition; nil if that has another rule in its place, or is the same edition.
  func renewed(in current: SharedRules.Current) -> PictureTurns? {
    let rules = current.document.rules
    guard rules.indices.contains(rule), rules[rule] == text else { return nil }
    let renewed = PictureTurns(of: text, at: rule, in: current)
    return renewed == self ? nil : renewed
  }
}

/// How often a rule has applied.
package struct RuleStrikes: Sendable, Equatable {
  /// Its name or number.
  package var rule: String
  package var count: UInt64
}

/// A change of the rules that is in force.
package struct RulesChange: Sendable, Equatable {
  /// The number of sessions whose rules or counts were discarded.
  package var sessions: Int
  /// The hosts that have not confirmed in time that the change is in force there. They will follow.
  package var unconfirmed: [String]

  package init(sessions: Int = 0, unconfirmed: [String] = []) {
    self.sessions = sessions
    self.unconfirmed = unconfirmed
  }
}

/// Why rules cannot be changed or counted.
package enum RulesError: Error, Equatable {
  /// Another worker holds the lock for too long.
  case busy
  /// As many sessions as possible have rules or counts. For a verdict: the request is the first of its session that a rule of the file
  /// matches.
  case full
  case tooLong(bytes: Int, limit: Int)
  /// The server that counts for all hosts cannot be reached, with the reason.
  case unavailable(String)
}

extension SharedRules: Rules {
  package var hosts: [RulesHost] { [] }

  package func verdict(on subject: @autoclosure () -> RuleSubject, of session: String) -> Answer<RuleVerdict, RulesError> {
    do throws(RulesError) { return .ready(.success(try judge(subject(), of: session))) } catch { return .ready(.failure(error)) }
  }

  package func takeTurns(_ count: Int, of turns: PictureTurns, session: String) -> Answer<UInt64, RulesError> {
    .ready(.success(countTurns(count, of: turns, session: session)))
  }

  package func put(_ document: RuleDocument, of session: String) -> Answer<RulesChange, RulesError> {
    Answer { () throws(RulesError) in
      try replace(with: document, of: session)
      return RulesChange()
    }
  }

  package func restore(_ session: String?) -> Answer<RulesChange, RulesError> {
    Answer { () throws(RulesError) in
      guard let session else { return RulesChange(sessions: try resetAll()) }
      return RulesChange(sessions: try reset(session) ? 1 : 0)
    }
  }
}
