import CRingLayout
import Glibc
import RingTesting
import SharedMemory
import Testing

/// What someone else writes over a ring ends in refusals and a new ring, never in a trap, a hang or a read beyond it.
@Suite(.timeLimit(.minutes(5))) struct RingDamageTests {
  private static let lock = Int(ring_lock_offset)..<Int(ring_lock_offset) + 64

  /// Overwrites part of a ring with random bytes, and uses it in every way.
  private func overwrite(_ places: [Range<Int>], seed: UInt64, entries: Int = 40) throws -> RingFixture {
    var generator = SeededGenerator(seed: seed)
    let fixture = try RingFixture()
    for number in 0..<entries { try fixture.insert([UInt8](repeating: UInt8(number), count: 900)) }
    let memory = UnsafeMutableRawBufferPointer(start: fixture.memory, count: 16 * 4096)
    for place in places {
      for index in place where !Self.lock.contains(index) { memory[index] = UInt8.random(in: 0...255, using: &generator) }
    }
    use(fixture)
    return fixture
  }

  private func use(_ fixture: RingFixture) {
    for now in [Int64.min, 0, 1, .max] {
      let statistics = fixture.statistics(now: now)
      #expect((0...statistics.slotsTotal).contains(statistics.live))
      #expect((0...statistics.bytesTotal).contains(statistics.bytesUsed))
    }
    for sequence in [0, 1, 39, 40, 1 << 20, UInt64.max - 1, .max] { _ = fixture.entry(sequence) }
    for policy in [RingFullPolicy.evictOldest, .refuse] {
      for count in [0, 1, 3000] { _ = try? fixture.insert([UInt8](repeating: 1, count: count), created: 5, whenFull: policy) }
    }
    _ = fixture.sweep(now: .max)
    _ = fixture.ring.liveSequences
  }

  @Test(arguments: UInt64(0)..<200) func `a header of random bytes`(seed: UInt64) throws {
    let fixture = try overwrite([64..<4096], seed: seed)
    #expect(fixture.hasLostSharedMemory)
    #expect(Segment.names(startingWith: fixture.name).isEmpty)
  }

  @Test(arguments: UInt64(0)..<200) func `an index and data of random bytes`(seed: UInt64) throws {
    let fixture = try overwrite([4096..<16 * 4096], seed: seed)
    #expect(!fixture.hasLostSharedMemory, "what new entries lie in can be used")
    let sequence = try fixture.insert([1, 2, 3])
    #expect(fixture.bytes(sequence) == [1, 2, 3])
  }

  private static let numbers: [(first: UInt64, next: UInt64)] = [
    (7, 3), (.max, 40), (0, .max), (.max, .max), (1 << 62, 1 << 62), (0, 1 << 20), (.max - 1, .max),
  ]

  @Test(arguments: numbers) func `numbers that no writer leaves`(first: UInt64, next: UInt64) throws {
    let fixture = try RingFixture()
    fixture.memory.storeBytes(of: first, toByteOffset: Int(ring_first_offset), as: UInt64.self)
    fixture.memory.storeBytes(of: next, toByteOffset: Int(ring_next_offset), as: UInt64.self)
    use(fixture)
    #expect(throws: RingError.unlinked) { try fixture.insert([1]) }
    #expect(fixture.hasLostSharedMemory)
  }

  private static let locks: [(offset: Int, value: Int32)] = [(16, 77), (8, .max - 1)]

  @Test(arguments: locks) func `a lock that nobody can take any more`(offset: Int, value: Int32) throws {
    let fixture = try RingFixture()
    // glibc's `__kind` and `__owner`.
    fixture.memory.storeBytes(of: value, toByteOffset: Int(ring_lock_offset) + offset, as: Int32.self)
    #expect(throws: RingError.unlinked) { try fixture.insert([1]) }
    #expect(fixture.hasLostSharedMemory)
  }
}
