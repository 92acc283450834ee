import CPOSIX
import CRingLayout
import Glibc
import SharedMemory
import Synchronization
import Testing

/// A thread of its own that takes a ring's lock as a foreign writer would: through the shared memory alone.
///
/// A robust mutex takes a thread for its owner, so a thread that ends with the lock stands for a process that dies with it.
private final class ForeignWriter: Sendable {
  private let holds = Atomic(false)
  private let mayEnd = Atomic(false)
  private let hasEnded = Atomic(false)
  private let name: String

  init(of fixture: RingFixture) {
    name = fixture.name
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { argument in
        Unmanaged<ForeignWriter>.fromOpaque(argument!).takeRetainedValue().run()
        return nil
      }, Unmanaged.passRetained(self).toOpaque())
    pthread_detach(thread)
    while !holds.load(ordering: .acquiring) { usleep(1000) }
  }

  /// Ends the thread, which still has the lock. The kernel marks the lock a moment later; who wants it waits that long.
  func die() {
    mayEnd.store(true, ordering: .releasing)
    while !hasEnded.load(ordering: .acquiring) { usleep(1000) }
  }

  private func run() {
    let descriptor = shm_open(name, O_RDWR, 0)
    let header = mmap(nil, Int(ring_header_size), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)!
    close(descriptor)
    let lock = (header + Int(ring_lock_offset)).assumingMemoryBound(to: cposix_mutex.self)
    precondition(cposix_mutex_lock(lock, 1000) == 0)
    holds.store(true, ordering: .releasing)
    while !mayEnd.load(ordering: .acquiring) { usleep(1000) }
    hasEnded.store(true, ordering: .releasing)
  }
}

@Suite(.timeLimit(.minutes(1))) struct LockOwnerTests {
  @Test func `a writer that died with the lock holds up nobody`() throws {
    let fixture = try RingFixture()
    let before = try fixture.insert([1])
    ForeignWriter(of: fixture).die()
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
    let stopped = ForeignWriter(of: fixture)
    #expect(fixture.bytes(sequence) == [1])
    #expect(throws: RingError.lockTimedOut) { try fixture.insert([2]) }
    #expect(fixture.sweep(now: 0) == nil)
    stopped.die()
    try fixture.insert([3])
    #expect(fixture.statistics(now: 0).live == 2)
  }
}
