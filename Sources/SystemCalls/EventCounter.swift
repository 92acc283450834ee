import CPOSIX
import Glibc
package import SystemPackage

/// A kernel counter (eventfd) by which one thread wakes another.
package struct EventCounter: ~Copyable {
  package let file: FileHandle

  /// - Parameters:
  ///   - blocking: whether ``wait()`` blocks until there is a signal.
  ///   - isSemaphore: whether each ``wait()`` takes one signal instead of all.
  package init(blocking: Bool, isSemaphore: Bool) throws(Errno) {
    let flags = EFD_CLOEXEC | (blocking ? 0 : EFD_NONBLOCK) | (isSemaphore ? EFD_SEMAPHORE : 0)
    file = FileHandle(owning: try systemCall { eventfd(0, CInt(flags)) })
  }

  package func signal() {
    var one: UInt64 = 1
    // The write fails only if 2^64 - 1 signals are outstanding, and then the other side is awake.
    _ = unsafe write(file.rawValue, &one, MemoryLayout<UInt64>.size)
  }

  /// Takes the outstanding signals. If the counter is blocking, waits for the first one.
  package func wait() {
    var count: UInt64 = 0
    _ = try? systemCall { unsafe read(file.rawValue, &count, MemoryLayout<UInt64>.size) }
  }
}
