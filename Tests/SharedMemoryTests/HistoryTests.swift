import RingTesting
import Testing

/// The search that judges the storm's histories, on histories that a person can judge.
@Suite struct HistoryTests {
  /// A ring of three slots and 100 bytes, on which every entry has 40 bytes: two fit.
  private static let capacity = RingCapacity(slots: 3, bytes: 100)

  @Test(arguments: [
    "one after the other": [
      insert(0, 0...1), get(0, .entry, 2...3), insert(1, 4...5), insert(2, 6...7), get(0, .nothing, 8...9), get(1, .entry, 10...11),
    ],
    "a get during the insert may find the entry or not": [
      insert(0, 0...9), get(0, .nothing, 1...2, process: 1), get(0, .entry, 3...4, process: 1), get(0, .entry, 5...6, process: 2),
    ],
    "inserts at the same time come in any order": [insert(1, 0...5), insert(0, 1...4, process: 1)],
    "the oldest goes before the new one is there": [
      insert(0, 0...1), insert(1, 2...3), insert(2, 4...9), get(0, .nothing, 5...6, process: 1), get(2, .nothing, 7...8, process: 1),
    ],
    "a sweep drops what has expired": [
      insert(0, 0...1, expires: 5), insert(1, 2...3, expires: 9), sweep(6, dropped: 1, 4...5), get(0, .nothing, 6...7),
    ],
    "a sweep during an insert may come before or after it": [
      insert(0, 0...9, expires: 5), sweep(6, dropped: 1, 1...10, process: 1),
    ],
    "what the clock cannot tell apart overlaps": [insert(0, 0...5), get(0, .nothing, 5...6, process: 1)],
  ])
  func `a history that can be explained is`(name: String, history: [Operation]) throws {
    try History(history, capacity: Self.capacity).check()
  }

  @Test(arguments: [
    "an acknowledged entry is not there": [insert(0, 0...1), get(0, .nothing, 2...3)],
    "an entry is there before its insert began": [get(0, .entry, 0...1), insert(0, 2...3, process: 1)],
    "an entry comes back": [
      insert(0, 0...1), insert(1, 2...3), insert(2, 4...9), get(0, .nothing, 5...6, process: 1), get(0, .entry, 7...8, process: 1),
    ],
    "an entry goes again while it is being inserted": [
      insert(0, 0...9), get(0, .entry, 1...2, process: 1), get(0, .nothing, 3...4, process: 2),
    ],
    "a younger one is there while an older acknowledged one never was": [
      insert(0, 0...9), insert(1, 1...8, process: 1), get(1, .entry, 2...3, process: 2), get(0, .nothing, 4...5, process: 2),
    ],
    "too much was given up": [insert(0, 0...1), insert(1, 2...3), get(0, .nothing, 4...5)],
    "too little was given up": [insert(0, 0...1), insert(1, 2...3), insert(2, 4...5), get(0, .entry, 6...7)],
    "the new one is there before the old one went": [
      insert(0, 0...1), insert(1, 2...3), insert(2, 4...9), get(2, .entry, 5...6, process: 1), get(0, .entry, 7...8, process: 1),
    ],
    "a sweep dropped what had not expired": [insert(0, 0...1, expires: 9), sweep(5, dropped: 1, 2...3)],
    "a sweep left what had expired": [insert(0, 0...1, expires: 5), sweep(5, dropped: 0, 2...3)],
    "later inserts have earlier numbers": [insert(1, 0...1), insert(0, 2...3, process: 1)],
    "one number twice": [insert(0, 0...1), insert(0, 2...3, process: 1)],
    "a number left out": [insert(1, 0...1)],
    "bytes that nobody inserted": [insert(0, 0...1), get(0, .wrongBytes, 2...3)],
  ])
  func `a history that no order explains is found out`(name: String, history: [Operation]) {
    #expect(throws: Finding.self) { try History(history, capacity: Self.capacity).check() }
  }

  private static func insert(_ sequence: Int, _ time: ClosedRange<UInt64>, expires: Int64 = .max, process: Int = 0) -> Operation {
    operation(.inserted(sequence: sequence, RingModel.Entry(length: 40, expires: expires)), time, process)
  }

  private static func get(_ sequence: Int, _ answer: Operation.Answer, _ time: ClosedRange<UInt64>, process: Int = 0) -> Operation {
    operation(.got(sequence: sequence, answer), time, process)
  }

  private static func sweep(_ now: Int64, dropped: Int, _ time: ClosedRange<UInt64>, process: Int = 0) -> Operation {
    operation(.swept(now: now, dropped: dropped), time, process)
  }

  private static func operation(_ outcome: Operation.Outcome, _ time: ClosedRange<UInt64>, _ process: Int) -> Operation {
    Operation(process: process, outcome: outcome, invoked: time.lowerBound, responded: time.upperBound)
  }
}
