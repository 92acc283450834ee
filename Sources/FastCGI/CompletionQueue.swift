import CPOSIX
import Glibc
import Synchronization
import SystemCalls
import SystemPackage

/// The results of other threads for the loop: requests that the intake thread has read, responses that the renderer has finished, and
/// pending replies that have been completed. Its descriptor is readable while the queue is not empty.
final class CompletionQueue: Sendable {
  struct Item: Sendable {
    let connection: ConnectionID
    /// Number of the request on its connection; nil means the current one, if it cannot be any other.
    let request: UInt32?
    let reply: Reply
  }

  private let items = Mutex<[Item]>([])
  private let ready: EventCounter

  init() throws(Errno) { ready = try EventCounter(blocking: false, isSemaphore: false) }

  var descriptor: CInt { ready.file.rawValue }

  var count: Int { items.withLock { $0.count } }

  func post(_ reply: Reply, to connection: ConnectionID, request: UInt32? = nil) {
    items.withLock { $0.append(Item(connection: connection, request: request, reply: reply)) }
    ready.signal()
  }

  func takeAll() -> [Item] {
    ready.wait()
    return items.withLock { items in
      defer { items.removeAll() }
      return items
    }
  }
}

/// A kernel counter (eventfd) by which one thread wakes another.
struct EventCounter: ~Copyable {
  let file: FileHandle

  /// - Parameters:
  ///   - blocking: whether ``wait()`` blocks until there is a signal.
  ///   - isSemaphore: whether each ``wait()`` takes one signal instead of all.
  init(blocking: Bool, isSemaphore: Bool) throws(Errno) {
    let flags = EFD_CLOEXEC | (blocking ? 0 : EFD_NONBLOCK) | (isSemaphore ? EFD_SEMAPHORE : 0)
    file = FileHandle(owning: try systemCall { eventfd(0, CInt(flags)) })
  }

  func signal() {
    var one: UInt64 = 1
    // The write fails only if 2^64 - 1 signals are outstanding, and then the other side is awake.
    _ = unsafe write(file.rawValue, &one, MemoryLayout<UInt64>.size)
  }

  /// Takes the outstanding signals. If the counter is blocking, waits for the first one.
  func wait() {
    var count: UInt64 = 0
    _ = try? systemCall { unsafe read(file.rawValue, &count, MemoryLayout<UInt64>.size) }
  }
}
