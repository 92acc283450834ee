import Atomics
import Glibc
import RingTesting
import SharedMemory

/// Processes put, get and sweep on a tiny ring, and write down what they were answered and when. Every history must be linearizable.
struct HistoryTrial {
  let seed: UInt64
  /// Each of `operationCount` operations a process.
  let historyCount: Int
  private let records = SharedArray(count: processes * operationCount, of: Operation(nothingOf: 0))
  private let starters = SharedArray<UInt64>(count: 1)

  static let processes = 4
  static let operationCount = 2000

  /// - Returns: what the histories were made of, in words.
  func run() throws -> String {
    var tally = Tally()
    for number in 0..<UInt64(historyCount) {
      let place = TemporaryRing(pages: 4)
      let ring = try place.open()
      try record(ring, number: number)
      let operations = (0..<records.count).map { records[$0] }
      tally.count(operations)
      do {
        try History(operations, capacity: RingCapacity(of: ring)).check()
      } catch {
        throw Finding("history \(number) of seed \(seed): \(error)")
      }
    }
    return "\(historyCount) histories of \(Self.processes) processes are linearizable: \(tally.text)"
  }

  private func record(_ ring: borrowing Ring, number: UInt64) throws {
    starters[0] = 0
    // Made beforehand, for a loop keeps no reference to a ring that it only borrows.
    var children: [ChildProcess] = []
    for process in 0..<Self.processes {
      let child = ChildProcess {
        var generator = SeededGenerator(seed: (seed << 20 + number) << 8 + UInt64(process))
        starters.atomic(0).wrappingIncrement(ordering: .relaxed)
        while starters.atomic(0).load(ordering: .relaxed) < Self.processes {}
        for index in 0..<Self.operationCount {
          records[process * Self.operationCount + index] = try operate(on: ring, as: process, &generator)
        }
      }
      children.append(child)
    }
    let ends = children.map { $0.wait() }
    try demand(ends.allSatisfy { $0 == .exited(0) }, "a process ended otherwise: \(ends)")
  }

  private func operate(on ring: borrowing Ring, as process: Int, _ generator: inout SeededGenerator) throws -> Operation {
    let newest = ring.liveSequences.upperBound
    // From one that is not there yet to some that are gone.
    let wanted = newest + 1 - min(newest + 1, generator.next() % 12)
    let dice = generator.next() % 16
    let length = 8 + Int(generator.next() % 3000)
    if generator.next() % 8 == 0 { Self.pause(at: Self.steps.randomElement(using: &generator)!) }
    let invoked = monotonicNanoseconds()
    let outcome =
      switch dice {
      case 0: sweep(ring, now: Int64(newest))
      case 1..<8: try insert(length, into: ring, expires: Int64(newest + generator.next() % 8))
      default: get(wanted, from: ring)
      }
    return Operation(process: process, outcome: outcome, invoked: invoked, responded: monotonicNanoseconds())
  }

  private static let steps = Failpoint.insertion + Failpoint.sweep + Failpoint.reading

  /// Gives others time in mid-operation. Left to chance, a busy machine lets hardly any two operations overlap.
  private static func pause(at step: Failpoint) { CrashPlan.interrupt(at: step) { usleep(100) } }

  private func sweep(_ ring: borrowing Ring, now: Int64) -> Operation.Outcome {
    .swept(now: now, dropped: ring.sweep(now: now) ?? -1)
  }

  private func insert(_ length: Int, into ring: borrowing Ring, expires: Int64) throws -> Operation.Outcome {
    let seed = UInt64(length)
    let key = try ring.insert(Content.bytes(seed, count: length), created: 0, expires: expires, whenFull: .evictOldest, key: Ring.key)
    return .inserted(sequence: Int(key.high), RingModel.Entry(length: length, expires: expires))
  }

  private func get(_ sequence: UInt64, from ring: borrowing Ring) -> Operation.Outcome {
    guard let bytes = ring.bytes(sequence) else { return .got(sequence: Int(sequence), .nothing) }
    let isRight = bytes == Content.bytes(UInt64(bytes.count), count: bytes.count)
    return .got(sequence: Int(sequence), isRight ? .entry : .wrongBytes)
  }
}

/// How many operations of which kind there were: a history without misses or overlaps would prove little.
private struct Tally {
  private var inserts = 0
  private var sweeps = 0
  private var hits = 0
  private var misses = 0
  private var overlaps = 0

  mutating func count(_ operations: [Operation]) {
    for operation in operations {
      switch operation.outcome {
      case .inserted: inserts += 1
      case .swept: sweeps += 1
      case .got(_, .entry): hits += 1
      case .got: misses += 1
      }
    }
    var latest: UInt64 = 0
    for operation in operations.sorted(by: { $0.invoked < $1.invoked }) {
      if operation.invoked <= latest { overlaps += 1 }
      latest = max(latest, operation.responded)
    }
  }

  var text: String { "\(inserts) inserts, \(sweeps) sweeps, \(hits) hits and \(misses) misses, \(overlaps) begun during another" }
}

extension Operation {
  fileprivate init(nothingOf process: Int) {
    self.init(process: process, outcome: .swept(now: 0, dropped: 0), invoked: 0, responded: 0)
  }
}
