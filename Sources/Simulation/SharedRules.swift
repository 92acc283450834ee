package import SharedMemory
import Synchronization
import SystemPackage

/// The rules of a pool, shared by its workers and replaced in all of them at once.
///
/// A session has rules and counts of its own. It begins with the rules of the pool's file. "" stands for the requests without a session.
@safe
package final class SharedRules: @unchecked Sendable {
  // The memory of the segment is accessed atomically or under its lock.
  let segment: Segment
  /// The text of each place that was read last. Never wait for the segment's lock while holding this one.
  let known: Mutex<[Known]>

  /// The number of sessions that can have rules of their own, or counts for the rules of the file, at the same time.
  package static let mostSessions = 128
  /// Maximum length of the rules of one session in bytes.
  package static let longestOfSession = 4 << 10

  /// In bytes.
  package static let segmentSize = SharedRulesLayout.size

  /// Opens the rules of a pool.
  ///
  /// - Parameter file: the pool's file of rules. It is put in force at the start, and whenever it has changed since.
  package convenience init(of pool: PoolMemory, file: RuleDocument = .empty) throws(SegmentError) {
    try self.init(pool) { rules in rules.load(file) }
  }

  /// - Parameter begin: called under the lock.
  init(_ pool: PoolMemory, _ begin: (SharedRules) -> Void) throws(SegmentError) {
    let name = pool.rules
    segment = try unsafe Segment(name: name, size: SharedRulesLayout.size, stamp: SharedRulesLayout.stamp) { base throws(SegmentError) in
      do throws(Errno) {
        try unsafe RobustLock(in: base + SharedRulesLayout.lock).initialise()
      } catch {
        throw .system(error, doing: "create a lock in", name: name)
      }
    }
    known = Mutex(Array(repeating: Known(), count: SharedRulesLayout.placeCount))
    do throws(RulesError) { try withLock { begin(self) } } catch { throw .busy(name: name) }
  }

  /// The document in force for the requests of a session.
  package func document(of session: String) -> RuleDocument { current(of: session).document }

  /// The document in force for requests without a session.
  package var document: RuleDocument { document(of: "") }

  /// Puts another document in force in every worker at once. Its counters begin at 0; those of other sessions continue.
  package func replace(with document: RuleDocument, of session: String = "") throws(RulesError) {
    let limit = session.isEmpty ? RuleDocument.longest : Self.longestOfSession
    guard document.text.count <= limit else { throw .tooLong(bytes: document.text.count, limit: limit) }
    let record = RulesRecord(session: session, document: document)
    try withLock { () throws(RulesError) in try write(record, to: session.isEmpty ? Self.main : takePlace(for: session)) }
  }

  /// Puts the rules of the file in force again, for the requests of one session. Its counters begin at 0.
  /// - Returns: whether the session had rules or counts.
  @discardableResult
  package func reset(_ session: String) throws(RulesError) -> Bool {
    try withLock { () throws(RulesError) in
      if session.isEmpty {
        resetMain()
        return true
      }
      guard let place = known.withLock({ find(session, in: &$0) }) else { return false }
      free(place)
      return true
    }
  }

  /// Puts the rules of the file in force again, for all requests.
  /// - Returns: the number of sessions that had rules or counts.
  package func resetAll() throws(RulesError) -> Int {
    try withLock { () throws(RulesError) in
      resetMain()
      let taken = takenPlaces
      for place in taken { free(place) }
      return taken.count
    }
  }

  /// Counts a request for all rules of its session that match it. If several rules apply, the first takes precedence.
  ///
  /// - Parameter subject: evaluated only if there are rules.
  /// - Throws: ``RulesError/full`` if the request is the first of its session that a rule of the file matches, and no place is free for
  ///   its counts.
  package func judge(_ subject: @autoclosure () -> RuleSubject, of session: String = "") throws(RulesError) -> RuleVerdict {
    var current = current(of: session)
    guard !current.document.rules.isEmpty else { return RuleVerdict() }
    let subject = subject()
    if current.place == nil {
      guard current.document.rules.contains(where: { $0.match.fits(subject) }) else { return RuleVerdict() }
      try claim(session)
      current = self.current(of: session)
    }
    var verdict = RuleVerdict()
    for (index, rule) in current.document.rules.enumerated() where rule.match.fits(subject) {
      // The rules have just been replaced; the request came before that.
      guard let place = current.place,
        let count = count(Layout.matches(of: index), place, generation: current.generation)
      else { continue }
      verdict.add(rule, at: index, count: count, in: current)
    }
    countStrikes(verdict.indices, in: current)
    return verdict
  }

  /// Whether the segment was removed or damaged, so that new workers would have other rules.
  package var isRemoved: Bool {
    if unsafe !RobustLock(in: segment.base + SharedRulesLayout.lock).isSound { segment.discard() }
    return segment.hasLostSharedMemory
  }
}
