import Atomics
import CPOSIX
import Glibc
import RingTesting
import SharedMemory

/// Starts, kills and replaces the processes, and asks for all that they were told is kept.
struct Judge: ~Copyable {
  static let ringSize = 4 << 20
  private static let writers = 4
  private static let readers = 2

  private let killsWanted: Int
  private let acknowledgementsWanted: Int
  private let name = "/fakeai-images-storm-\(getpid())"
  private let ledger = Ledger(rows: Judge.writers)
  private let ring: Ring
  private var generator: SeededGenerator
  private var children: [pid_t: Child] = [:]
  private var verdict = Verdict()
  /// When a process was found dead and no insert was done since.
  private var unansweredDeaths: [UInt64] = []

  private struct Child {
    /// The writer's row; nil for a reader.
    var row: Int?
    /// When it is killed from outside, CLOCK_MONOTONIC; nil: it kills itself.
    var dies: UInt64?
  }

  init(kills: Int, acknowledgements: Int, seed: UInt64) throws {
    killsWanted = kills
    acknowledgementsWanted = acknowledgements
    generator = SeededGenerator(seed: seed)
    ring = try Ring(name: name, size: Self.ringSize)
  }

  deinit { Segment.unlink(name) }

  mutating func run() throws -> Verdict {
    let start = monotonicNanoseconds()
    for row in 0..<Self.writers { startWriter(row) }
    for _ in 0..<Self.readers { startReader() }
    while verdict.kills < killsWanted || verdict.acknowledged < acknowledgementsWanted {
      killDue()
      reap(replacing: true)
      noteInserts()
      for row in 0..<Self.writers { judge(row) }
    }
    for child in children.keys { kill(child, SIGKILL) }
    while !children.isEmpty { reap(replacing: false) }
    for row in 0..<Self.writers { judge(row) }
    return finish(seconds: Double(monotonicNanoseconds() - start) / 1e9)
  }

  // MARK: Processes

  private mutating func startWriter(_ row: Int) {
    let seed = generator.next()
    let crashesAt = generator.next() % 2 == 0 ? randomPoint() : nil
    start(Child(row: row, dies: crashesAt == nil ? randomDeath() : safetyNet())) { [ledger, name] in
      var writer = Writer(ledger: ledger, row: row, name: name, generator: SeededGenerator(seed: seed))
      writer.run(crashesAt: crashesAt)
    }
  }

  private mutating func startReader() {
    let seed = generator.next()
    start(Child(row: nil, dies: randomDeath())) { [ledger, name] in
      var reader = Reader(ledger: ledger, name: name, generator: SeededGenerator(seed: seed))
      reader.run()
    }
  }

  private mutating func start(_ child: Child, _ body: () -> Never) {
    let process = cposix_fork()
    precondition(process >= 0, "fork: \(errno)")
    if process == 0 { body() }
    children[process] = child
  }

  private mutating func randomPoint() -> CrashPoint {
    // Points of a creation are passed only by who creates: they have a storm of their own.
    let points = CrashPoint.allCases.filter { $0.rawValue <= CrashPoint.opened.rawValue }
    return points[Int(generator.next() % UInt64(points.count))]
  }

  private mutating func randomDeath() -> UInt64 { monotonicNanoseconds() + generator.next() % 10_000_000 }

  /// A plan whose point is not passed often enough shall not keep a writer alive for ever.
  private func safetyNet() -> UInt64 { monotonicNanoseconds() + 50_000_000 }

  private mutating func killDue() {
    let now = monotonicNanoseconds()
    for (process, child) in children where child.dies.map({ $0 <= now }) == true {
      kill(process, SIGKILL)
      children[process]?.dies = nil
    }
  }

  private mutating func reap(replacing: Bool) {
    var status: CInt = 0
    while case let process = waitpid(-1, &status, WNOHANG), process > 0 {
      guard let child = children.removeValue(forKey: process) else { continue }
      // The low seven bits hold the signal.
      if status & 0x7f != SIGKILL { verdict.otherEnds += 1 }
      verdict.kills += 1
      if child.row != nil { unansweredDeaths.append(monotonicNanoseconds()) }
      guard replacing else { continue }
      if let row = child.row { startWriter(row) } else { startReader() }
    }
  }

  private mutating func noteInserts() {
    let last = ledger.word(.lastInsert).load(ordering: .relaxed)
    for death in unansweredDeaths where last > death { verdict.waits.append(last - death) }
    unansweredDeaths.removeAll { last > $0 }
  }

  // MARK: Judgement

  private mutating func judge(_ row: Int) {
    let told = ledger.told(row).load(ordering: .acquiring)
    var number = ledger.judged(row).load(ordering: .relaxed)
    while number < told {
      judge(ledger.acknowledgement(row, number))
      number += 1
    }
    ledger.judged(row).store(number, ordering: .releasing)
  }

  private mutating func judge(_ told: Ledger.Acknowledgement) {
    verdict.acknowledged += 1
    if let entry = ring.entry(told.sequence, key: RingKey(high: told.high, low: told.low)) {
      verdict.found += 1
      if entry.bytes != Content.bytes(told.seed) { verdict.corrupt += 1 }
    } else if ring.liveSequences.contains(told.sequence) {
      verdict.lost += 1
    }
  }

  private mutating func finish(seconds: Double) -> Verdict {
    verdict.seconds = seconds
    let statistics = ring.statistics(now: 0)
    verdict.lockOwnersDied = statistics.lockOwnersDied
    verdict.readsOvertaken = statistics.readsOvertaken
    let entries = ring.liveSequences.map { ring.entry($0, key: nil) }
    verdict.accounts = !entries.contains(nil) && entries.reduce(0) { $0 + ($1?.bytes.count ?? 0) } == statistics.bytesUsed
    verdict.readerHits = ledger.word(.readerHits).load(ordering: .relaxed)
    verdict.corrupt += Int(ledger.word(.readerErrors).load(ordering: .relaxed))
    verdict.insertErrors = ledger.word(.insertErrors).load(ordering: .relaxed)
    verdict.crashes = CrashPoint.allCases.map { ledger.word(.crashPoints, $0.rawValue).load(ordering: .relaxed) }
    return verdict
  }
}
