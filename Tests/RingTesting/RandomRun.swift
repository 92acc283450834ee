import SharedMemory

/// A random sequence of inserts, sweeps and clocks set forward and back on a small ring, compared with ``RingModel`` after every step.
///
/// One process, one thread: which steps there are and what they do. That they hold together among several processes is for the storm.
package struct RandomRun: ~Copyable {
  private let place: TemporaryRing
  private let ring: Ring
  private var model: RingModel
  private var generator: SeededGenerator
  private var now: Int64 = 1_000_000
  /// How long the entries of this run may be: small ones run out of slots first, large ones of bytes.
  private let longest: Int

  package init(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let place = TemporaryRing(pages: Int.random(in: 4...16, using: &generator))
    ring = try place.open()
    model = RingModel(capacity: RingCapacity(of: ring))
    longest = [16, 400, 5000, model.capacity.bytes + 100].randomElement(using: &generator)!
    self.generator = generator
    self.place = place
  }

  package mutating func run(steps: Int) throws {
    for step in 0..<steps {
      do {
        try takeStep()
        try compare()
      } catch let finding as Finding {
        throw Finding("step \(step): \(finding)")
      }
    }
  }

  private mutating func takeStep() throws {
    switch UInt64.random(in: 0..<10, using: &generator) {
    case 0: try sweep()
    case 1: now += Int64.random(in: -500...500, using: &generator)
    default: try insert(whenFull: Bool.random(using: &generator) ? .evictOldest : .refuse)
    }
  }

  private mutating func insert(whenFull policy: RingFullPolicy) throws {
    let length = Int.random(in: 8...longest, using: &generator)
    // The ends of what there can be: a ring filled by one entry, and one byte more.
    let count = UInt64.random(in: 0..<50, using: &generator) == 0 ? model.capacity.bytes + Int.random(in: 0...1, using: &generator) : length
    let expires = now + Int64.random(in: 1...300, using: &generator)
    let expected = Result { () throws(RingError) in
      try model.insert(RingModel.Entry(length: count, expires: expires), now: now, whenFull: policy)
    }
    let bytes = Content.bytes(UInt64(model.entries.count - (expected.isSuccess ? 1 : 0)), count: count)
    let split = Int.random(in: 0...count, using: &generator)
    let found = Result { () throws(RingError) in
      try ring.insert(
        Array(bytes[..<split]), metadata: Array(bytes[split...]), created: now, expires: expires, whenFull: policy,
        key: Ring.key)
    }
    try demand(found == expected.map { Ring.key(UInt64($0)) }, "insert of \(count) bytes: \(found) instead of \(expected)")
  }

  private mutating func sweep() throws {
    let expected = model.sweep(now: now)
    let found = ring.sweep(now: now)
    try demand(found == expected, "sweep at \(now): \(String(describing: found)) dropped instead of \(expected)")
  }

  // MARK: Comparison

  private func compare() throws {
    let expected = model.statistics(now: now)
    let found = ring.statistics(now: now)
    try demand(
      (found.live, found.bytesUsed, Int(found.evicted), Int(found.expired)) == expected, "\(found) instead of \(expected)")
    try demand(ring.liveSequences == UInt64(model.first)..<UInt64(model.entries.count), "live: \(ring.liveSequences)")
    for sequence in max(0, model.first - 2)...model.entries.count { try compare(sequence) }
  }

  private func compare(_ sequence: Int) throws {
    let entry = ring.entry(UInt64(sequence), key: Ring.key(UInt64(sequence)))
    guard model.entries.indices.contains(sequence), sequence >= model.first else {
      return try demand(entry == nil, "entry \(sequence) is there, but must not be")
    }
    let expected = model.entries[sequence]
    let bytes = entry.map { $0.bytes + $0.metadata }
    try demand(bytes == Content.bytes(UInt64(sequence), count: expected.length), "entry \(sequence) is not as it was inserted")
    try demand(entry?.expires == expected.expires, "entry \(sequence) has another expiry")
  }
}

extension Result {
  fileprivate var isSuccess: Bool { if case .success = self { true } else { false } }
}
