import Atomics
import Hashing
package import SharedMemory
import Synchronization
import SystemPackage

// The rules in force, in a small segment of their own.
//
//   ┌──────────────────────┬───────────────────────┬───────────────────────┬──────────────┬──────────────┐
//   │ header 4 KiB         │ counters A: 64 × 64 B │ counters B: 64 × 64 B │ text A 64 KiB│ text B 64 KiB│
//   └──────────────────────┴───────────────────────┴───────────────────────┴──────────────┴──────────────┘
//   header: generation · file · length of A, of B · checksum of A, of B · lock
//
// The document of generation g and the counters of its rules are in A if g is even, in B if g is odd. To replace the document, a writer
// takes the lock, writes the other text, its length, its checksum and its counters, and increments the generation last: a writer that dies
// earlier has changed nothing that is in force. Readers take no lock: they load the generation, copy the text, and check the generation
// again.
//
// A counter holds the low bits of its generation above the count, and is incremented by compare-and-exchange. A worker that still uses
// older rules can therefore never count for the new ones. A worker that dies after counting has counted: the count is of requests seen, not
// of responses.
//
// Rules live as long as their pool, see `PoolMemory`. `file` is the hash of the file that was last put in force. A worker that starts with
// the same file keeps the document that has replaced it meanwhile; one that starts with another file puts that in force in all workers at
// once.
//
// Each checksum includes the generation. If a text does not match its checksum, another process has overwritten it. Then the segment is
// abandoned, and new workers create another one.

/// The rules of a pool, shared by its workers and replaced in all of them at once.
@safe
package final class SharedRules: @unchecked Sendable {
  // The memory of the segment is accessed atomically or under its lock.
  private let segment: Segment
  private let known: Mutex<Known>

  /// The document that was read last.
  private struct Known {
    var generation: UInt64
    var document: RuleDocument
  }

  /// The effect of the rules on a request.
  package struct Verdict: Sendable, Equatable {
    package var spec = FaultSpec()
    /// The rules that applied, by name or number.
    package var rules: [String] = []
  }

  /// Opens the rules of a pool.
  ///
  /// - Parameter file: the pool's file of rules. It is put in force at the start, and whenever it has changed since.
  package init(of pool: PoolMemory, file: RuleDocument = .empty) throws(SegmentError) {
    let name = pool.rules
    segment = try unsafe Segment(name: name, size: Layout.size, stamp: Layout.stamp) { base throws(SegmentError) in
      do throws(Errno) { try unsafe Layout.lock(base).initialise() } catch { throw .system(error, doing: "create a lock in", name: name) }
    }
    known = Mutex(Known(generation: 0, document: .empty))
    let hash = Self.hash(file.text)
    let isDone = withLock {
      guard word(Layout.file).load(ordering: .relaxed) != hash else { return }
      publish(file)
      word(Layout.file).store(hash, ordering: .releasing)
    }
    guard isDone else { throw .busy(name: name) }
  }

  /// The document in force.
  package var document: RuleDocument { known.withLock { known in refresh(&known).document } }

  /// Puts another document in force in every worker at once. All counters start again.
  /// - Returns: false if another worker holds the lock for too long.
  package func replace(with document: RuleDocument) -> Bool { withLock { publish(document) } }

  /// Counts a request for all rules that match it. If several rules apply, the first takes precedence.
  ///
  /// - Parameter subject: evaluated only if there are rules.
  package func judge(_ subject: @autoclosure () -> RuleSubject) -> Verdict {
    let current = known.withLock { known in refresh(&known) }
    var verdict = Verdict()
    guard !current.document.rules.isEmpty else { return verdict }
    let subject = subject()
    for (index, rule) in current.document.rules.enumerated() where rule.match.fits(subject) {
      // The document has just been replaced; the request came before that.
      guard let count = count(index, generation: current.generation) else { continue }
      guard let spec = rule.spec(for: count) else { continue }
      let filled = verdict.spec.filled(from: spec)
      if filled != verdict.spec { verdict.rules.append(rule.name ?? String(index + 1)) }
      verdict.spec = filled
    }
    return verdict
  }

  /// Whether the segment was removed or damaged, so that new workers would have other rules.
  package var isRemoved: Bool {
    if unsafe !Layout.lock(segment.base).isSound { segment.discard() }
    return segment.hasLostSharedMemory
  }
}

extension SharedRules {
  private enum Layout {
    static let generation = 64
    static let file = 72
    static let lengths = 80
    static let checksums = 96
    static let lockOffset = 128
    static let counters = 4096
    static let counterSize = 64
    static let texts = counters + 2 * RuleDocument.mostRules * counterSize
    static let size = texts + 2 * RuleDocument.longest
    static let stamp: UInt64 = 2

    static func lock(_ base: UnsafeMutableRawPointer) -> RobustLock { unsafe RobustLock(in: base + lockOffset) }

    static func counter(_ rule: Int, _ generation: UInt64) -> Int {
      counters + (Int(generation % 2) * RuleDocument.mostRules + rule) * counterSize
    }

    static func length(_ generation: UInt64) -> Int { lengths + Int(generation % 2) * MemoryLayout<UInt64>.stride }
    static func checksum(_ generation: UInt64) -> Int { checksums + Int(generation % 2) * MemoryLayout<UInt64>.stride }
    static func text(_ generation: UInt64) -> Int { texts + Int(generation % 2) * RuleDocument.longest }
  }

  /// The count of a rule has 40 bits; the low 24 bits of the generation are above it.
  private static let countBits: UInt64 = 40

  /// - Returns: the number of the request among those of the rule, from 1; nil if that generation is no longer in force.
  private func count(_ rule: Int, generation: UInt64) -> UInt64? {
    let counter = word(Layout.counter(rule, generation))
    let owner = generation << Self.countBits
    var old = counter.load(ordering: .relaxed)
    while old >> Self.countBits == owner >> Self.countBits {
      let (exchanged, original) = counter.weakCompareExchange(
        expected: old, desired: owner | (old &+ 1) & (1 << Self.countBits - 1), ordering: .relaxed)
      if exchanged { return (old &+ 1) & (1 << Self.countBits - 1) }
      old = original
    }
    return nil
  }

  /// Reads the document again if it was replaced.
  private func refresh(_ known: inout Known) -> Known {
    while true {
      let generation = word(Layout.generation).load(ordering: .acquiring)
      if generation == known.generation { return known }
      let text = text(generation)
      let checksum = word(Layout.checksum(generation)).load(ordering: .relaxed)
      Atomics.atomicMemoryFence(ordering: .acquiring)
      guard word(Layout.generation).load(ordering: .relaxed) == generation else { continue }
      let document = checksum == Self.hash(text, generation) ? try? RuleDocument(parsing: text) : nil
      if document == nil { segment.discard() }
      known = Known(generation: generation, document: document ?? .empty)
    }
  }

  private func text(_ generation: UInt64) -> [UInt8] {
    let length = min(Int(clamping: word(Layout.length(generation)).load(ordering: .relaxed)), RuleDocument.longest)
    return unsafe [UInt8](UnsafeRawBufferPointer(start: segment.base + Layout.text(generation), count: length))
  }

  /// Must be called under the lock. The fence orders these writes after the previous increment of the generation, by which readers notice
  /// them.
  private func publish(_ document: RuleDocument) {
    let generation = word(Layout.generation).load(ordering: .relaxed) &+ 1
    Atomics.atomicMemoryFence(ordering: .sequentiallyConsistent)
    unsafe document.text.withUnsafeBytes { source in
      unsafe (segment.base + Layout.text(generation)).copyMemory(from: source.baseAddress!, byteCount: source.count)
    }
    word(Layout.length(generation)).store(UInt64(document.text.count), ordering: .relaxed)
    word(Layout.checksum(generation)).store(Self.hash(document.text, generation), ordering: .relaxed)
    for rule in 0..<RuleDocument.mostRules {
      word(Layout.counter(rule, generation)).store(generation << Self.countBits, ordering: .relaxed)
    }
    word(Layout.generation).store(generation, ordering: .releasing)
  }

  /// A lock whose owner died needs no repair: a document that it left half-written is not in force.
  private func withLock(_ body: () -> Void) -> Bool {
    do throws(LockTimedOut) {
      try unsafe Layout.lock(segment.base).withLock(milliseconds: 2000, orTimeOut: LockTimedOut()) { _ throws(LockTimedOut) in body() }
      return true
    } catch {
      return false
    }
  }

  private struct LockTimedOut: Error {}

  /// Never 0, which means that there is no text.
  private static func hash(_ text: [UInt8], _ generation: UInt64 = 0) -> UInt64 { max(1, FNV1a.hash(text, seed: generation)) }

  private func word(_ offset: Int) -> UnsafeAtomic<UInt64> { segment.word(at: offset) }
}
