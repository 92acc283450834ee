import CPOSIX
package import SystemPackage

/// A robust mutex in shared memory: when its owner dies, the next owner gets it and is informed.
///
/// `Synchronization.Mutex` is private to a process and traps across them.
@safe
package struct RobustLock {
  private let mutex: UnsafeMutablePointer<cposix_mutex>

  init(at mutex: UnsafeMutablePointer<cposix_mutex>) { unsafe self.mutex = mutex }

  /// - Parameter memory: 64 bytes of a segment, aligned to 64 bytes.
  package init(in memory: UnsafeMutableRawPointer) { unsafe mutex = memory.assumingMemoryBound(to: cposix_mutex.self) }

  /// How a lock was acquired.
  package enum Acquisition: Equatable {
    case free
    /// The owner died holding it. The data that it protects must be consistent by construction, because there is no recovery step.
    case ownerDied
  }

  /// Whether the lock has not been overwritten, as far as that can be detected.
  package var isSound: Bool { unsafe cposix_mutex_is_sound(mutex) }

  package func initialise() throws(Errno) {
    let code = unsafe cposix_mutex_init(mutex)
    if code != 0 { throw Errno(rawValue: code) }
  }

  /// Runs `body` under the lock.
  ///
  /// A dead owner's lock is made consistent *before* anything else: a robust mutex that is unlocked without that is unusable for ever.
  package func withLock<Result, Failure: Error>(
    milliseconds: UInt32, orTimeOut timedOut: @autoclosure () -> Failure, _ body: (Acquisition) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    if Mutant.writesUnlocked.isOn { return try body(.free) }
    let code = unsafe cposix_mutex_lock(mutex, milliseconds)
    switch Errno(rawValue: code) {
    case Errno(rawValue: 0): break
    case Self.ownerDead: if !Mutant.unlocksInconsistent.isOn { unsafe cposix_mutex_consistent(mutex) }
    case .timedOut: throw timedOut()
    // EDEADLK, EINVAL or ENOTRECOVERABLE: broken code or broken memory. Continuing would corrupt the data of others.
    default: fatalError("the lock in shared memory is unusable: \(Errno(rawValue: code))")
    }
    defer { unsafe cposix_mutex_unlock(mutex) }
    return try body(code == 0 ? .free : .ownerDied)
  }

  private static let ownerDead = Errno(rawValue: 130)  // EOWNERDEAD, which swift-system does not name
}
