import Dispatch

/// A result that is available at once, or later on another thread. Memory answers at once; a server on a network answers later.
package enum Answer<Value: Sendable, Failure: Error>: Sendable {
  /// Receives the result.
  package typealias Receiver = @Sendable (Result<Value, Failure>) -> Void

  case ready(Result<Value, Failure>)
  /// - Parameter receive: called exactly once, on any thread, possibly before the function returns.
  case pending(@Sendable (_ receive: @escaping Receiver) -> Void)
}

extension Answer {
  /// The result of a function that does not wait.
  package init(catching body: () throws(Failure) -> Value) { self = .ready(Result(catching: body)) }

  /// Whether the result is there already.
  package var isReady: Bool { if case .ready = self { true } else { false } }

  /// Calls `receive` with the result, at once or later.
  package func then(_ receive: @escaping Receiver) {
    switch self {
    case .ready(let result): receive(result)
    case .pending(let start): start(receive)
    }
  }

  /// Blocks until there is a result. Must be called on a thread that may block.
  package func wait() throws(Failure) -> Value {
    switch self {
    case .ready(let result): return try result.get()
    case .pending(let start):
      let received = Received<Value, Failure>()
      start { received.set($0) }
      return try received.wait().get()
    }
  }
}

/// One result, passed from one thread to another.
private final class Received<Value: Sendable, Failure: Error>: @unchecked Sendable {
  // Written before the semaphore is signalled, read after the wait for it.
  private var result: Result<Value, Failure>?
  private let semaphore = DispatchSemaphore(value: 0)

  func set(_ result: Result<Value, Failure>) {
    self.result = result
    semaphore.signal()
  }

  func wait() -> Result<Value, Failure> {
    semaphore.wait()
    return result!
  }
}
