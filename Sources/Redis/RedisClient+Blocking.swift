import Dispatch

/// For commands and tests: functions that block the caller until there is a reply. Not for the client's own thread.
extension RedisClient {
  package func call(_ command: RedisCommand, timeout: Duration? = nil) throws(RedisError) -> RedisReply {
    try waited { send(command, timeout: timeout, receive: $0) }.get()
  }

  package func call(_ commands: [RedisCommand], timeout: Duration? = nil) -> [Result<RedisReply, RedisError>] {
    waited { send(commands, timeout: timeout, receive: $0) }
  }

  package func call(_ command: RedisCommand, replicas: Int, timeout: Duration? = nil) throws(RedisError) -> RedisReply {
    try waited { send(command, replicas: replicas, timeout: timeout, receive: $0) }.get()
  }

  package func call(
    _ script: RedisScript, keys: [String], _ arguments: [RedisArgument] = [], isIdempotent: Bool = false, timeout: Duration? = nil
  ) throws(RedisError) -> RedisReply {
    try waited { run(script, keys: keys, arguments, isIdempotent: isIdempotent, timeout: timeout, receive: $0) }.get()
  }

  private func waited<Value: Sendable>(_ begin: (@escaping @Sendable (Value) -> Void) -> Void) -> Value {
    let received = Received<Value>()
    begin { received.set($0) }
    return received.wait()
  }
}

/// One value, passed from one thread to another.
private final class Received<Value: Sendable>: @unchecked Sendable {
  // Written before the semaphore is signalled, read after the wait for it.
  private var value: Value?
  private let semaphore = DispatchSemaphore(value: 0)

  func set(_ value: Value) {
    self.value = value
    semaphore.signal()
  }

  func wait() -> Value {
    semaphore.wait()
    return value!
  }
}
