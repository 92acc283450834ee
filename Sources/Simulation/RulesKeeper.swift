import Dispatch
import Redis
import Synchronization
import SystemCalls
import SystemPackage

/// Keeps a host's copy of the rules like those in Redis, tells Redis that the host is there and what is in force on it, and waits for the
/// other hosts to do the same. It has a thread, because putting rules in force may wait for a lock.
final class RulesKeeper: Sendable {
  enum Event: Sendable {
    /// What the channel brings: see `RulesScripts`.
    case message([UInt8])
    /// Messages may have been missed.
    case subscribed
    case loaded(Bool)
    case read(Result<RedisReply, RedisError>)
    case beaten(Result<RedisReply, RedisError>)
    /// A change was made here. The function is called with the hosts that have not confirmed it, when it is in force or not waited for longer.
    case changed(UInt64, @Sendable (_ unconfirmed: [String]) -> Void)
    /// The rules that were used are not in force any more. The function is called when newer ones were read.
    case outdated(@Sendable () -> Void)
    case stop
  }

  let client: RedisClient
  let keys: RulesKeys
  let host: String
  let copy: SharedRules
  let file: RuleDocument?
  let longestWait: Duration
  private let events = Mutex<[Event]>([])
  private let wake = DispatchSemaphore(value: 0)
  private let firstRead = DispatchSemaphore(value: 0)
  private let living = Mutex<[RulesHost]>([])

  init(_ client: RedisClient, _ keys: RulesKeys, host: String, copy: SharedRules, file: RuleDocument?, longestWait: Duration) {
    (self.client, self.keys, self.host, self.copy, self.file, self.longestWait) = (client, keys, host, copy, file, longestWait)
  }

  func start() throws(Errno) { try detachThread { self.run() } }

  func post(_ event: Event) {
    events.withLock { $0.append(event) }
    wake.signal()
  }

  /// Waits for the first answer of Redis about its rules, which may be that there is no Redis.
  func waitForRules() {
    let nanoseconds = Int(client.options.timeout / .nanoseconds(1))
    _ = firstRead.wait(timeout: .now() + .nanoseconds(nanoseconds))
  }

  var hosts: [RulesHost] { living.withLock { $0 } }

  private func run() {
    var work = RulesKeeping(self)
    while true {
      for event in events.withLock({ Self.take(&$0) }) {
        if case .stop = event { return work.giveUp() }
        work.handle(event)
        if case .read = event { firstRead.signal() }
      }
      let next = work.act(at: .now)
      living.withLock { $0 = work.hosts.map { RulesHost(name: $0.key, version: $0.value) }.sorted { $0.name < $1.name } }
      _ = wake.wait(timeout: .now() + .nanoseconds(max(0, Int((next - .now) / .nanoseconds(1)))))
    }
  }

  private static func take(_ events: inout [Event]) -> [Event] {
    defer { events = [] }
    return events
  }
}
