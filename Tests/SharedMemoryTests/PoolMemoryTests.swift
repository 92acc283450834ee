import Glibc
import Journal
import RingTesting
import SharedMemory
import Simulation
import Testing

/// Whose shared memory it is, while several pools use one store and after they have gone.
@Suite(.timeLimit(.minutes(5))) final class PoolMemoryTests: Sendable {
  private let place = TemporaryStore()
  private var store: String { place.name }

  private func pool(_ identity: UInt64) -> PoolMemory { PoolMemory(store: store, identity: identity) }

  /// What a worker opens.
  private func worker(_ pool: PoolMemory, journalSize: Int = 10) throws -> (rules: SharedRules, journal: Journal) {
    pool.takeOver(journalSize: journalSize)
    return (try SharedRules(of: pool), try Journal(of: pool, size: journalSize))
  }

  private var names: [String] { Segment.names(startingWith: "/fakeai-images-\(store)-") }

  @Test func `a pool leaves the memory of another one that lives alone`() throws {
    let one = try worker(pool(1))
    #expect(one.journal.record("{}", facts: [:]))
    let other = try worker(pool(2))
    #expect(other.journal.page(limit: 10).entries.isEmpty)
    #expect(!one.journal.isRemoved && !one.rules.isRemoved)
    #expect(names.count == 4)
  }

  @Test func `the journal of a pool that has gone goes on in the next one, and nothing else is left of it`() throws {
    do {
      let gone = try worker(pool(1))
      for _ in 0..<3 { #expect(gone.journal.record("{}", facts: [:])) }
    }
    let next = try worker(pool(2))
    #expect(next.journal.page(limit: 10).entries.map(\.sequence) == [0, 1, 2])
    #expect(names == [pool(2).journal(size: 10), pool(2).rules])
    let another = try worker(pool(2))
    #expect(another.journal.page(limit: 10).entries.count == 3, "the pool's second worker has the same")
  }

  @Test func `of several pools that have gone, one journal goes on and the others are removed`() throws {
    do {
      let gone = (try worker(pool(1)), try worker(pool(3)))
      #expect(gone.0.journal.record("{}", facts: [:]) && gone.1.journal.record("{}", facts: [:]))
    }
    let next = try worker(pool(2))
    #expect(next.journal.page(limit: 10).entries.count == 1)
    #expect(names.count == 2)
  }

  @Test func `a journal of another size is not taken over, and removed when nobody uses it`() throws {
    do { _ = try worker(pool(1), journalSize: 10).journal.record("{}", facts: [:]) }
    let next = try worker(pool(2), journalSize: 20)
    #expect(next.journal.page(limit: 10).entries.isEmpty)
    #expect(names.count == 2)
  }

  @Test func `a worker with another journal size leaves that of the others of its pool until they have gone`() throws {
    do {
      let old = try worker(pool(1), journalSize: 10)
      let new = try worker(pool(1), journalSize: 20)
      #expect(!old.journal.isRemoved && !new.journal.isRemoved)
    }
    _ = try worker(pool(1), journalSize: 20)
    #expect(names == [pool(1).journal(size: 20), pool(1).rules])
  }

  @Test func `a worker that joins its pool removes nothing of a pool whose workers are all just being restarted`() throws {
    do { _ = try worker(pool(1)).rules }
    // As an older worker of pool 2 found it, before pool 1 began.
    let board = try SharedRules(of: pool(2))
    _ = try worker(pool(2))
    #expect(!board.isRemoved)
    #expect(names.contains(pool(1).rules))
  }

  @Test func `a store whose name begins alike is another one`() throws {
    let longer = PoolMemory(store: "\(store)-pool", identity: 1)
    do { _ = try worker(longer) }
    _ = try worker(pool(2))
    #expect(names.contains(longer.rules))
  }
}
