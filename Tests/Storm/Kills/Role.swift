import Atomics
import Glibc
import RingTesting
import SharedMemory

/// What a process does until it is killed.
struct Role: ~Copyable {
  private let ledger: Ledger
  private let ring: Ring
  private let seed: UInt64

  init(ledger: Ledger, ring: consuming Ring, seed: UInt64) {
    self.ledger = ledger
    self.ring = ring
    self.seed = seed
  }

  /// Inserts, and tells what was acknowledged.
  func write(_ row: Int) {
    var generator = SeededGenerator(seed: seed)
    while true {
      insert(generator.next(), row)
      if generator.next() % 16 == 0 { ring.sweep(now: 0) }
    }
  }

  private func insert(_ seed: UInt64, _ row: Int) {
    do {
      let low = Ledger.Acknowledgement.low(seed)
      let key = try ring.insert(Content.bytes(seed), created: 0, expires: .max, whenFull: .evictOldest) {
        RingKey(high: $0 << 16, low: low)
      }
      ledger.tell(row, Ledger.Acknowledgement(sequence: key.high >> 16, seed: seed, time: monotonicNanoseconds()))
    } catch {
      ledger.word(.insertErrors).wrappingIncrement(ordering: .relaxed)
    }
  }

  /// Asks for entries that were acknowledged lately, and compares.
  func read() {
    var generator = SeededGenerator(seed: seed)
    while true {
      let row = Int(generator.next() % UInt64(Population.writers))
      let told = ledger.told(row).load(ordering: .acquiring)
      guard told > 0 else {
        usleep(100)
        continue
      }
      read(row, told - 1 - generator.next() % min(told, UInt64(Ledger.capacity / 2)))
    }
  }

  private func read(_ row: Int, _ number: UInt64) {
    let wanted = ledger.acknowledgement(row, number)
    // Its writer may have come round and be filling this place of the ledger. Then number and seed do not belong together, nothing has
    // the key that follows from them, and nothing is found.
    guard let entry = ring.entry(wanted.sequence, key: wanted.key) else { return }
    ledger.word(entry.bytes == Content.bytes(wanted.seed) ? .readerHits : .readerErrors).wrappingIncrement(ordering: .relaxed)
  }
}
