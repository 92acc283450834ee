import Atomics
import RingTesting
import SharedMemory

/// What a writer does until it dies: inserts, and tells what was acknowledged.
struct Writer {
  let ledger: Ledger
  let row: Int
  let name: String
  var generator: SeededGenerator

  /// - Parameter crashesAt: where it kills itself; nil: it is killed from outside.
  mutating func run(crashesAt point: CrashPoint?) -> Never {
    if let point { arm(point) }
    // Opened by each incarnation anew: attaching is among what may be interrupted.
    guard let ring = try? Ring(name: name, size: Judge.ringSize) else { fatalError("no ring") }
    var now: Int64 = 0
    while true {
      now += 1
      let seed = generator.next()
      insert(seed, into: ring, now: now)
      if generator.next() % 16 == 0 { ring.sweep(now: now) }
    }
  }

  private func insert(_ seed: UInt64, into ring: borrowing Ring, now: Int64) {
    do {
      let low = seed &* 31
      let key = try ring.insert(Content.bytes(seed), created: now, expires: .max, whenFull: .evictOldest) {
        RingKey(high: $0 << 16, low: low)
      }
      ledger.word(.lastInsert).store(monotonicNanoseconds(), ordering: .relaxed)
      ledger.tell(row, Ledger.Acknowledgement(sequence: key.high >> 16, high: key.high, low: key.low, seed: seed))
    } catch {
      ledger.word(.insertErrors).wrappingIncrement(ordering: .relaxed)
    }
  }

  private mutating func arm(_ point: CrashPoint) {
    #if CRASH_POINTS
      let ledger = ledger
      // A ring is opened once in a writer's life, all else happens again and again.
      let passes = point == .opened ? 1 : 1 + Int(generator.next() % 30)
      CrashPlan.die(at: point, pass: passes) {
        ledger.word(.crashPoints, point.rawValue).wrappingIncrement(ordering: .relaxed)
      }
    #endif
  }
}

/// What a reader does until it is killed: asks for entries that were acknowledged lately, and compares.
struct Reader {
  let ledger: Ledger
  let name: String
  var generator: SeededGenerator

  mutating func run() -> Never {
    guard let ring = try? Ring(name: name, size: Judge.ringSize) else { fatalError("no ring") }
    while true {
      let row = Int(generator.next() % UInt64(ledger.rows))
      let told = ledger.told(row).load(ordering: .acquiring)
      guard told > 0 else { continue }
      let number = told - 1 - generator.next() % min(told, UInt64(Ledger.capacity / 2))
      let wanted = ledger.acknowledgement(row, number)
      // The writer may have come round and be filling this place of the ledger.
      guard wanted.low == wanted.seed &* 31 else { continue }
      guard let entry = ring.entry(wanted.sequence, key: RingKey(high: wanted.high, low: wanted.low)) else {
        ledger.word(.readerMisses).wrappingIncrement(ordering: .relaxed)
        continue
      }
      let isRight = entry.bytes == Content.bytes(wanted.seed)
      ledger.word(isRight ? .readerHits : .readerErrors).wrappingIncrement(ordering: .relaxed)
    }
  }
}
