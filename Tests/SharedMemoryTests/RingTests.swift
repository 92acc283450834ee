import CRingLayout
import Glibc
import SharedMemory
import Testing

@Suite struct RingTests {
  @Test func `what was inserted comes back whole`() throws {
    let fixture = try RingFixture()
    let bytes = (0..<5000).map { UInt8(truncatingIfNeeded: $0 * 7) }
    let sequence = try fixture.insert(bytes, created: 5, expires: 9)
    let entry = try #require(fixture.entry(sequence))
    #expect(entry.bytes == bytes)
    #expect(entry.metadata == [7])
    #expect(entry.created == 5 && entry.expires == 9)
  }

  @Test func `another key, an unborn or a far sequence finds nothing`() throws {
    let fixture = try RingFixture()
    let sequence = try fixture.insert([1, 2, 3])
    let mismatched = fixture.ring.entry(sequence, key: RingKey(high: sequence, low: 0))
    #expect(mismatched == nil)
    #expect(fixture.bytes(sequence + 1) == nil)
    #expect(fixture.bytes(.max) == nil)
  }

  @Test func `a full ring evicts the oldest and keeps the youngest`() throws {
    let fixture = try RingFixture()
    let body = [UInt8](repeating: 9, count: 3000)
    let sequences = try (0..<100).map { _ in try fixture.insert(body) }
    let live = sequences.filter { fixture.bytes($0) != nil }
    let statistics = fixture.statistics(now: 0)
    #expect(live == Array(sequences.suffix(live.count)))
    #expect(live.count == statistics.live && statistics.live > 10)
    #expect(statistics.evicted == UInt64(100 - live.count))
    #expect(statistics.bytesUsed == live.count * 3001)
    #expect(statistics.bytesUsed <= statistics.bytesTotal)
  }

  @Test func `entries of every length survive the wrap of the data`() throws {
    let fixture = try RingFixture()
    for length in 0..<2000 {
      let body = [UInt8](repeating: UInt8(truncatingIfNeeded: length), count: length * 17 % 9001)
      #expect(fixture.bytes(try fixture.insert(body)) == body)
    }
  }

  @Test func `slots may run out before bytes`() throws {
    let fixture = try RingFixture()
    let slots = fixture.statistics(now: 0).slotsTotal
    let sequences = try (0..<slots + 3).map { _ in try fixture.insert([]) }
    #expect(fixture.statistics(now: 0).live == slots)
    #expect(fixture.bytes(sequences[2]) == nil)
    #expect(fixture.bytes(sequences[3]) == [])
  }

  @Test func `a ring that must not evict refuses and loses nothing`() throws {
    let fixture = try RingFixture()
    let body = [UInt8](repeating: 1, count: 20_000)
    let kept = try [fixture.insert(body, whenFull: .refuse), fixture.insert(body, whenFull: .refuse)]
    let capacity = fixture.statistics(now: 0).bytesTotal
    #expect(throws: RingError.full(capacity: capacity)) { try fixture.insert(body, whenFull: .refuse) }
    #expect(kept.allSatisfy { fixture.bytes($0) == body })
  }

  @Test func `a ring that must not evict drops what has expired`() throws {
    let fixture = try RingFixture()
    let body = [UInt8](repeating: 1, count: 20_000)
    for now in Int64(0)..<10 { try fixture.insert(body, created: now, expires: now + 2, whenFull: .refuse) }
    let statistics = fixture.statistics(now: 9)
    #expect(statistics.live == 2 && statistics.evicted == 0 && statistics.expired == 8)
  }

  @Test func `an entry larger than the ring is refused`() throws {
    let fixture = try RingFixture()
    let capacity = fixture.statistics(now: 0).bytesTotal
    #expect(throws: RingError.tooLarge(bytes: capacity + 1, capacity: capacity)) {
      try fixture.insert([UInt8](repeating: 0, count: capacity))
    }
    try fixture.insert([UInt8](repeating: 0, count: capacity - 1))
  }

  @Test func `a sweep drops what has expired and no more`() throws {
    let fixture = try RingFixture()
    let sequences = try [10, 20, 30].map { try fixture.insert([1], expires: $0) }
    #expect(fixture.sweep(now: 20) == 2)
    #expect(fixture.bytes(sequences[1]) == nil)
    #expect(fixture.bytes(sequences[2]) == [1])
    #expect(fixture.statistics(now: 20).expired == 2)
  }

  @Test func `a ring from before there were accounts keeps its counts, and goes on counting`() throws {
    let fixture = try RingFixture()
    let body = [UInt8](repeating: 1, count: 20_000)
    for expires: Int64 in [1, .max, .max, .max] { try fixture.insert(body, created: 1, expires: expires) }
    let before = fixture.statistics(now: 1)
    memset(fixture.memory + Int(ring_accounts_offset), 0, 2 * MemoryLayout<ring_account>.size)
    #expect(fixture.statistics(now: 1) == before && before.evicted == 1 && before.expired == 1)
    try fixture.insert(body, created: 1)
    #expect(fixture.statistics(now: 1).evicted == 2 && fixture.statistics(now: 1).expired == 1)
  }

  @Test func `a second opening of the name joins the first`() throws {
    let fixture = try RingFixture()
    let sequence = try fixture.insert([4, 5, 6])
    let other = try Ring(name: fixture.name, size: 16 * 4096)
    let entry = other.entry(sequence, key: RingKey(high: sequence, low: ~sequence))
    #expect(entry?.bytes == [4, 5, 6])
  }

  @Test func `an unlinked ring takes nothing more`() throws {
    let fixture = try RingFixture()
    Segment.unlink(fixture.name)
    #expect(throws: RingError.unlinked) { try fixture.insert([1]) }
  }
}
