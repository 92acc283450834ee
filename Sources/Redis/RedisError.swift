/// Why a command has no reply. Each case says what is known of its effect.
package enum RedisError: Error, Sendable, Equatable {
  /// The server refused the command and did not execute it, with the server's words, which begin with a code: `WRONGTYPE Operation …`.
  case refused(String)
  /// The command did not reach a server, and had no effect.
  case notSent(String)
  /// The command was sent and not answered: it may have been executed, or may still be.
  case unknown(String)
  /// The command was executed, but only so many replicas of those that it asked for had acknowledged it in time.
  case notReplicated(acknowledged: Int, of: Int)
}

extension RedisError {
  /// The first word of a refusal: `MOVED`, `NOSCRIPT`, `OOM`; nil for another case.
  package var code: Substring? {
    guard case .refused(let text) = self else { return nil }
    return text.prefix { $0 != " " }
  }

  /// Whether the server has reached its `maxmemory` and may evict nothing. A script's error has the code at its beginning since Redis 7, and
  /// somewhere in it before.
  package var isOutOfMemory: Bool {
    guard case .refused(let text) = self else { return false }
    return text.hasPrefix("OOM ") || text.hasPrefix("ERR Error running script") && text.contains("-OOM ")
  }
}

extension RedisError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .refused(let text): "Redis refused: \(text)"
    case .notSent(let reason): "not sent to Redis: \(reason)"
    case .unknown(let reason): "Redis did not answer: \(reason)"
    case .notReplicated(let acknowledged, let wanted): "\(acknowledged) of \(wanted) replicas acknowledged in time"
    }
  }
}
