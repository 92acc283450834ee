import CPOSIX
import CRingLayout
import Glibc
import Synchronization

/// A thread of its own that takes the lock in a segment as a foreign writer would: through the shared memory alone.
///
/// A robust mutex takes a thread for its owner, so a thread that keeps the lock stands for a process that is stopped with it, and one that
/// ends with the lock for a process that dies with it.
package final class LockHolder: Sendable {
  private enum Order: Int, AtomicRepresentable {
    case none, release, die
  }

  private let name: String
  private let offset: Int
  private let order = Atomic(Order.none)
  private let holds = Atomic(false)
  private let hasEnded = Atomic(false)

  /// Returns when the thread has the lock.
  ///
  /// - Parameters:
  ///   - name: the segment's.
  ///   - offset: of the lock, in the segment's first page; by default where a ring has it.
  package init(of name: String, at offset: Int = Int(ring_lock_offset)) {
    self.name = name
    self.offset = offset
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { argument in
        Unmanaged<LockHolder>.fromOpaque(argument!).takeRetainedValue().run()
        return nil
      }, Unmanaged.passRetained(self).toOpaque())
    pthread_detach(thread)
    while !holds.load(ordering: .acquiring) { usleep(1000) }
  }

  /// Gives the lock back.
  package func release() { end(.release) }

  /// Ends the thread, which still has the lock. The kernel marks the lock a moment later; who wants it waits that long.
  package func die() { end(.die) }

  private func end(_ way: Order) {
    order.store(way, ordering: .releasing)
    while !hasEnded.load(ordering: .acquiring) { usleep(1000) }
  }

  private func run() {
    let descriptor = shm_open(name, O_RDWR, 0)
    let header = mmap(nil, Int(ring_header_size), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)!
    close(descriptor)
    let lock = (header + offset).assumingMemoryBound(to: cposix_mutex.self)
    precondition(cposix_mutex_lock(lock, 1000) == 0)
    holds.store(true, ordering: .releasing)
    while order.load(ordering: .acquiring) == .none { usleep(1000) }
    if order.load(ordering: .acquiring) == .release { precondition(cposix_mutex_unlock(lock) == 0) }
    hasEnded.store(true, ordering: .releasing)
  }
}
