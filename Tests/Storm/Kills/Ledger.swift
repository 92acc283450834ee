import Atomics
import Glibc

/// What the processes of a storm tell each other, in anonymous memory that they inherit: it outlives whoever is killed.
///
/// ```
/// head: words of counters │ one row a writer: acknowledgements told, judged, then a ring of acknowledgements
/// ```
///
/// A writer fills an acknowledgement and then raises `told`: what a kill interrupts was not acknowledged.
struct Ledger {
  struct Acknowledgement {
    var sequence: UInt64
    var high: UInt64
    var low: UInt64
    /// From which the entry's bytes follow.
    var seed: UInt64
  }

  enum Word: Int, CaseIterable {
    /// CLOCK_MONOTONIC in nanoseconds at which the last insert was done.
    case lastInsert
    case readerHits, readerMisses, readerErrors, insertErrors
    /// Followed by one word a crash point.
    case crashPoints
  }

  static let capacity = 4096
  private static let headWords = 64
  private static let rowWords = 2 + capacity * 4
  private let words: UnsafeMutablePointer<UInt64>
  let rows: Int

  init(rows: Int) {
    let bytes = (Self.headWords + rows * Self.rowWords) * 8
    let memory = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)!
    words = memory.bindMemory(to: UInt64.self, capacity: bytes / 8)
    self.rows = rows
  }

  func word(_ word: Word, _ offset: Int = 0) -> UnsafeAtomic<UInt64> { atomic(word.rawValue + offset) }

  /// How many acknowledgements a row has told, and how many of them were judged.
  func told(_ row: Int) -> UnsafeAtomic<UInt64> { atomic(start(row)) }
  func judged(_ row: Int) -> UnsafeAtomic<UInt64> { atomic(start(row) + 1) }

  /// Tells one; waits while the judge is behind.
  func tell(_ row: Int, _ acknowledgement: Acknowledgement) {
    let number = told(row).load(ordering: .relaxed)
    while number - judged(row).load(ordering: .acquiring) >= Self.capacity { usleep(100) }
    place(row, number).pointee = acknowledgement
    told(row).store(number + 1, ordering: .releasing)
  }

  func acknowledgement(_ row: Int, _ number: UInt64) -> Acknowledgement { place(row, number).pointee }

  private func place(_ row: Int, _ number: UInt64) -> UnsafeMutablePointer<Acknowledgement> {
    let offset = start(row) + 2 + Int(number % UInt64(Self.capacity)) * 4
    return UnsafeMutableRawPointer(words + offset).assumingMemoryBound(to: Acknowledgement.self)
  }

  private func start(_ row: Int) -> Int { Self.headWords + row * Self.rowWords }

  private func atomic(_ index: Int) -> UnsafeAtomic<UInt64> {
    UnsafeAtomic(at: UnsafeMutableRawPointer(words + index).assumingMemoryBound(to: UnsafeAtomic<UInt64>.Storage.self))
  }
}
