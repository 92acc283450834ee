import Glibc
import Redis
import Synchronization

final class Counter: Sendable {
  private let count = Mutex(0)
  var value: Int { count.withLock { $0 } }
  func add(_ number: Int) { count.withLock { $0 += number } }
}

/// Increments keys, one after the other and several at a time, until it is told to stop.
final class Load: Sendable {
  private struct State {
    var counts: [String: Int] = [:]
    var failures: [RedisError] = []
    var isStopping = false
    var running = 0
  }

  private let client: RedisClient
  private let keys: [String]
  private let state = Mutex(State())

  init(_ client: RedisClient, _ keys: [String], width: Int = 8) {
    (self.client, self.keys) = (client, keys)
    state.withLock { $0.running = width }
    for place in 0..<width { next(place * keys.count / width) }
  }

  private func next(_ place: Int) {
    let key = keys[place % keys.count]
    client.send(RedisCommand("INCR", [RedisArgument(key)], key: key)) { [self] result in
      let goesOn = state.withLock { state in
        switch result {
        case .success: state.counts[key, default: 0] += 1
        case .failure(let error): state.failures.append(error)
        }
        if state.isStopping { state.running -= 1 }
        return !state.isStopping
      }
      if goesOn { next(place + 1) }
    }
  }

  /// - Returns: how often each key was incremented, and what failed.
  func stop() -> (counts: [String: Int], failures: [RedisError]) {
    state.withLock { $0.isStopping = true }
    while state.withLock({ $0.running > 0 }) { usleep(1000) }
    return state.withLock { ($0.counts, $0.failures) }
  }
}
