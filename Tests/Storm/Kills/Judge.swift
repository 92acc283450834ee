import Atomics
import Glibc
import RingTesting
import SharedMemory

/// Asks for all that writers were told is kept, while they are killed.
struct Judge: ~Copyable {
  private let demands: StormDemands
  private let ledger = Ledger()
  private let ring: Ring
  private var population: Population
  private var verdict: Verdict
  private var waits = Waits()

  init(demands: StormDemands, ring: consuming Ring, at place: RingPlace, seed: UInt64) {
    self.demands = demands
    self.ring = ring
    verdict = Verdict(demands: demands)
    population = Population(ledger: ledger, ring: place, seed: seed)
  }

  mutating func run() -> Verdict {
    let start = monotonicNanoseconds()
    while population.kills < demands.kills || verdict.acknowledged < demands.acknowledged && population.kills < demands.killsAtMost {
      population.turn()
      judgeAll()
      // The cores are for those who are judged.
      usleep(100)
    }
    population.end()
    judgeAll()
    finish()
    verdict.seconds = Double(monotonicNanoseconds() - start) / 1e9
    return verdict
  }

  private mutating func judgeAll() {
    let death = ledger.word(.untoldDeath).exchange(0, ordering: .relaxed)
    if death > 0 { waits.noteDeath(at: death) }
    for row in 0..<Population.writers { judge(row) }
    waits.close()
  }

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
    waits.noteAcknowledgement(at: told.time)
    if let entry = ring.entry(told.sequence, key: told.key) {
      verdict.found += 1
      if entry.bytes != Content.bytes(told.seed) { verdict.corrupt += 1 }
    } else if ring.liveSequences.contains(told.sequence) {
      verdict.lost += 1
    }
  }

  private mutating func finish() {
    let statistics = ring.statistics(now: 0)
    verdict.kills = population.kills
    verdict.otherEnds = population.otherEnds
    verdict.lockOwnersDied = statistics.lockOwnersDied
    verdict.readsOvertaken = statistics.readsOvertaken
    verdict.readerHits = ledger.word(.readerHits).load(ordering: .relaxed)
    verdict.corrupt += Int(ledger.word(.readerErrors).load(ordering: .relaxed))
    verdict.insertErrors = ledger.word(.insertErrors).load(ordering: .relaxed)
    verdict.waits = waits.milliseconds
    for point in Failpoint.allCases { verdict.deaths[point, default: 0] += ledger.deaths(at: point) }
    verdict.accounts = accountsAgree()
  }

  /// Whether used and free bytes are all that there are: the live entries are whole and together what the ring says is used; an entry of just
  /// the bytes that are left goes in without another having to go, and one byte more does not.
  private func accountsAgree() -> Bool {
    let statistics = ring.statistics(now: 0)
    let entries = ring.liveSequences.map { ring.entry($0, key: nil)?.bytes.count }
    let used = entries.reduce(0) { $0 + ($1 ?? 0) }
    let free = statistics.bytesTotal - used
    return !entries.contains(nil) && used == statistics.bytesUsed && !fits(free + 1) && fits(free)
  }

  private func fits(_ count: Int) -> Bool {
    let bytes = [UInt8](repeating: 0, count: count)
    return (try? ring.insert(bytes, created: 0, expires: .max, whenFull: .refuse, key: Ring.key)) != nil
  }
}
