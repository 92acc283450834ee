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
