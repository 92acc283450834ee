import SharedMemory
import Synchronization
import Testing

@Suite struct RingThreadTests {
  @Test func `a reader never sees a half-written entry of a writer on another thread`() async throws {
    let race = try Race()
    try await withThrowingTaskGroup { group in
      for _ in 0..<2 {
        group.addTask { try await race.write() }
        group.addTask { await race.read() }
      }
      try await group.waitForAll()
    }
    #expect(race.newestEntry != nil)
  }

  @Test func `no count falls between two looks while entries expire and are evicted`() async throws {
    let counting = try Counting()
    try await withThrowingTaskGroup { group in
      group.addTask { try counting.write() }
      group.addTask { counting.look() }
      try await group.waitForAll()
    }
  }
}

/// A writer of entries of which every other one has expired when it is made, and somebody who looks at the counts.
private final class Counting: Sendable {
  private let fixture: RingFixture
  private let isOver = Atomic(false)

  init() throws { fixture = try RingFixture() }

  func write() throws {
    defer { isOver.store(true, ordering: .releasing) }
    for round in 0..<20_000 { try fixture.insert([UInt8](repeating: 1, count: 200), expires: round % 2 == 0 ? 0 : .max) }
  }

  func look() {
    var last = fixture.statistics(now: 1)
    while !isOver.load(ordering: .acquiring) {
      let now = fixture.statistics(now: 1)
      let grows = now.evicted >= last.evicted && now.expired >= last.expired && now.inserted >= last.inserted
      #expect(grows, "\(last), then \(now)")
      last = now
    }
  }
}

/// Writers that overwrite the oldest entries, and readers that read just those.
private final class Race: Sendable {
  private let fixture: RingFixture
  private let newest: Atomic<UInt64>
  private let rounds = 3000

  init() throws {
    fixture = try RingFixture()
    newest = Atomic(try fixture.insert(Self.body(0)))
  }

  func write() async throws {
    for round in 0..<rounds {
      newest.store(try fixture.insert(Self.body(round)), ordering: .relaxed)
      await Task.yield()
    }
  }

  func read() async {
    for round in 0..<rounds {
      // Readers and writers share few threads: without a pause, some would run after the others.
      await Task.yield()
      // About as many as there is room for.
      let age = UInt64(round % 20)
      let sequence = newest.load(ordering: .relaxed)
      guard sequence >= age, let bytes = fixture.bytes(sequence - age) else { continue }
      #expect(bytes.count == Self.length && bytes.allSatisfy { $0 == bytes[0] })
    }
  }

  var newestEntry: [UInt8]? { fixture.bytes(newest.load(ordering: .relaxed)) }

  private static let length = 3000

  /// Half of one and half of another would show.
  private static func body(_ round: Int) -> [UInt8] { [UInt8](repeating: UInt8(truncatingIfNeeded: round), count: length) }
}
