import CPOSIX
import Glibc
import SystemCalls
import SystemPackage

/// A kernel counter (eventfd) by which one thread wakes another.
struct EventCounter: ~Copyable {
  let file: FileHandle

  /// - Parameters:
  ///   - blocking: whether ``wait()`` waits where nothing was signalled.
  ///   - isSemaphore: whether each ``wait()`` takes one instead of all.
  init(blocking: Bool, isSemaphore: Bool) throws(Errno) {
    let flags = EFD_CLOEXEC | (blocking ? 0 : EFD_NONBLOCK) | (isSemaphore ? EFD_SEMAPHORE : 0)
    file = FileHandle(owning: try systemCall { eventfd(0, CInt(flags)) })
  }

  func signal() {
    var one: UInt64 = 1
    // It fails only where 2^64 - 1 signals wait, and then the other side is awake.
    _ = unsafe write(file.rawValue, &one, MemoryLayout<UInt64>.size)
  }

  /// Takes what was signalled; blocks until something was, if made so.
  func wait() {
    var count: UInt64 = 0
    _ = try? systemCall { unsafe read(file.rawValue, &count, MemoryLayout<UInt64>.size) }
  }
}
