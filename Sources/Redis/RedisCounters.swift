import Synchronization
import SystemCalls

/// What a client has done since it was made.
package struct RedisCounters: Sendable, Equatable {
  /// Commands that are over, whatever their outcome.
  package var commands = 0
  /// Of these, by outcome: see ``RedisError``.
  package var refused = 0
  package var notSent = 0
  package var unknown = 0
  package var notReplicated = 0
  /// Connections that broke, or could not be made.
  package var failures = 0
  /// The time from sending to reply of all commands that were answered.
  package var answered = 0
  package var latency = Duration.zero
  /// Answered commands by time, see ``latencyBounds``; the last element counts those that took longer.
  package var latencyCounts = [Int](repeating: 0, count: latencyBounds.count + 1)

  package init() {}

  /// Inclusive upper bounds.
  package static let latencyBounds: [Duration] = [
    .microseconds(100), .microseconds(250), .microseconds(500), .milliseconds(1), .microseconds(2500), .milliseconds(5), .milliseconds(10),
    .milliseconds(25), .milliseconds(50), .milliseconds(100), .milliseconds(250), .milliseconds(500), .seconds(1),
  ]

  mutating func count(_ result: Result<RedisReply, RedisError>, sent: Instant?) {
    commands += 1
    switch result {
    case .failure(.notSent): notSent += 1
    case .failure(.unknown): unknown += 1
    case .failure(.refused): refused += 1
    case .failure(.notReplicated): notReplicated += 1
    case .success: break
    }
    guard let sent, case .success = result else { return }
    let time = sent.duration(to: .now)
    answered += 1
    latency += time
    latencyCounts[Self.latencyBounds.firstIndex { time <= $0 } ?? Self.latencyBounds.count] += 1
  }
}
