import Answers
import Redis
import Synchronization
import SystemCalls

/// A claim by a key that expires soon, which its holder renews: it ends with the process and with the host.
///
/// Its time counts from before a command is sent, so the holder stops before Redis gives the claim to another one. A fail-over may forget
/// a claim: whoever works by it compares and swaps what it changes.
final class RedisClaim: ObjectClaim {
  private let client: RedisClient
  private let key: String
  private let token: RedisArgument
  private let lease: Duration
  /// Until when the claim cannot be another's; nil: it was not had, or is lost.
  private let end = Mutex<Instant?>(nil)

  private init(_ key: String, on client: RedisClient, for lease: Duration) {
    (self.key, self.client, self.lease) = (key, client, lease)
    token = RedisArgument(String(UInt128.random(in: 0 ... .max), radix: 16))
  }

  /// Takes the claim, if nobody has it.
  static func take(_ key: String, on client: RedisClient, for lease: Duration) -> ObjectAnswer<RedisClaim?> {
    .pending { receive in
      let claim = RedisClaim(key, on: client, for: lease)
      let asked = Instant.now
      claim.run(takeScript) { result in
        switch result {
        case .success(let isHeld):
          if isHeld { claim.hold(since: asked) }
          receive(.success(isHeld ? claim : nil))
        case .failure(let error): receive(.failure(.unavailable("\(error)")))
        }
      }
    }
  }

  deinit { if end.withLock({ $0 != nil }) { release() } }

  private func release() { client.run(Self.releaseScript, keys: [key], [token], isIdempotent: true) { _ in } }

  var isHeld: Bool { end.withLock { $0.map { .now < $0 } ?? false } }

  // MARK: - Renewing

  private var interval: Duration { lease * 3 / 10 }

  private func hold(since start: Instant) {
    end.withLock { $0 = start + lease }
    renewLater()
  }

  /// - Returns: false if the claim is already lost.
  private func extend(since start: Instant) -> Bool {
    end.withLock { end in
      let isInTime = end.map { .now < $0 } ?? false
      end = isInTime ? start + lease : nil
      return isInTime
    }
  }

  private func renewLater() { client.run(after: interval) { [weak self] in self?.renew() } }

  private func renew() {
    guard isHeld else { return }
    let asked = Instant.now
    run(Self.renewScript) { [weak self] result in
      guard let self else { return }
      switch result {
      // A claim that was lost meanwhile stays lost: its holder may have noticed.
      case .success(true): extend(since: asked) ? renewLater() : release()
      case .success(false): end.withLock { $0 = nil }
      // Tries again as long as there is time.
      case .failure: renewLater()
      }
    }
  }

  /// Runs a script that returns whether this is the holder.
  private func run(_ script: RedisScript, receive: @escaping @Sendable (Result<Bool, RedisError>) -> Void) {
    client.run(
      script, keys: [key], [token, RedisArgument(Int64(lease / .milliseconds(1)))], isIdempotent: true,
      timeout: min(interval, client.options.timeout)
    ) { receive($0.map { $0.integer == 1 }) }
  }

  // KEYS: the claim. ARGV: the token, milliseconds.

  private static let takeScript = RedisScript(
    """
    local owner = redis.call('GET', KEYS[1])
    if owner and owner ~= ARGV[1] then return 0 end
    redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
    return 1
    """)

  private static let renewScript = RedisScript(
    """
    if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
    return redis.call('PEXPIRE', KEYS[1], ARGV[2])
    """)

  private static let releaseScript = RedisScript(
    """
    if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
    return 0
    """)
}
