import RingTesting
import SharedMemory
import Testing

@Suite(.timeLimit(.minutes(5))) struct LockOwnerTests {
  @Test func `a writer that died with the lock holds up nobody`() throws {
    let fixture = try RingFixture()
    let before = try fixture.insert([1])
    LockHolder(of: fixture.name).die()
    let after = try fixture.insert([2])
    #expect(fixture.bytes(before) == [1])
    #expect(fixture.bytes(after) == [2])
    #expect(fixture.statistics(now: 0).lockOwnersDied == 1)
    // Made consistent, the lock is an ordinary one again.
    try fixture.insert([3])
    #expect(fixture.statistics(now: 0).lockOwnersDied == 1)
  }

  @Test func `a writer that is stopped with the lock makes others give up, and readers don't notice`() throws {
    let fixture = try RingFixture()
    let sequence = try fixture.insert([1])
    let stopped = LockHolder(of: fixture.name)
    #expect(fixture.bytes(sequence) == [1])
    #expect(throws: RingError.lockTimedOut) { try fixture.insert([2]) }
    #expect(fixture.sweep(now: 0) == nil)
    stopped.die()
    try fixture.insert([3])
    #expect(fixture.statistics(now: 0).live == 2)
  }
}
