import Atomics
import Glibc
import RingTesting
import SharedMemory

/// What the processes of a storm tell each other, in memory that outlives whoever is killed.
///
/// A writer fills an acknowledgement in its row and then raises `told`: what a kill interrupts was not acknowledged.
struct Ledger {
  struct Acknowledgement: BitwiseCopyable {
    var sequence: UInt64 = 0
    /// From which the entry's bytes follow.
    var seed: UInt64 = 0
    /// CLOCK_MONOTONIC in nanoseconds.
    var time: UInt64 = 0

    var key: RingKey { RingKey(high: sequence << 16, low: Self.low(seed)) }

    static func low(_ seed: UInt64) -> UInt64 { seed &* 31 }
  }

  enum Word: Int, CaseIterable {
    case readerHits, readerErrors, insertErrors
    /// CLOCK_MONOTONIC in nanoseconds at which someone died at a crash point with the lock; 0 where the judge knows of all.
    case untoldDeath
  }

  static let capacity = 4096
  private let words = SharedArray<UInt64>(count: Word.allCases.count)
  private let deaths = SharedArray<UInt64>(count: Failpoint.allCases.count)
  /// Of each row how many acknowledgements it has told, then how many of them were judged.
  private let counts = SharedArray<UInt64>(count: Population.writers * 2)
  private let acknowledgements = SharedArray(count: Population.writers * capacity, of: Acknowledgement())

  func word(_ word: Word) -> UnsafeAtomic<UInt64> { words.atomic(word.rawValue) }

  // MARK: Deaths

  func noteDeath(at point: Failpoint) {
    deaths.atomic(point.rawValue).wrappingIncrement(ordering: .relaxed)
    guard (Failpoint.insertion + Failpoint.sweep).contains(point) else { return }
    // The earliest stands: a second death before the judge looks has the lock for a shorter time.
    _ = word(.untoldDeath).compareExchange(expected: 0, desired: monotonicNanoseconds(), ordering: .relaxed)
  }

  func deaths(at point: Failpoint) -> Int { Int(deaths.atomic(point.rawValue).load(ordering: .relaxed)) }

  // MARK: Acknowledgements

  func told(_ row: Int) -> UnsafeAtomic<UInt64> { counts.atomic(row * 2) }
  func judged(_ row: Int) -> UnsafeAtomic<UInt64> { counts.atomic(row * 2 + 1) }

  /// Tells one; waits while the judge is behind.
  func tell(_ row: Int, _ acknowledgement: Acknowledgement) {
    let number = told(row).load(ordering: .relaxed)
    while number - judged(row).load(ordering: .acquiring) >= Self.capacity { usleep(100) }
    acknowledgements[place(row, number)] = acknowledgement
    told(row).store(number + 1, ordering: .releasing)
  }

  func acknowledgement(_ row: Int, _ number: UInt64) -> Acknowledgement { acknowledgements[place(row, number)] }

  private func place(_ row: Int, _ number: UInt64) -> Int { row * Self.capacity + Int(number % UInt64(Self.capacity)) }
}
