import Simulation

/// How one answer is to behave, decided.
struct Treatment: Sendable {
  var fault: Fault?
  /// When to try again, where somebody said so.
  var retryAfter: Duration?
  /// When the answer may be sent; nil: as soon as it is ready.
  var due: ContinuousClock.Instant?
  /// The rules that had a say, by name or number.
  var rules: [String] = []
  /// Chooses the pictures and the latency; nil: the usual pictures, any latency.
  var seed: UInt64?

  /// Whether an answer is another one with it than without.
  var changesAnswers: Bool { fault != nil || due != nil || !rules.isEmpty }

  /// 0 where that time has come.
  var nanosecondsUntilDue: Int64 { Int64(max(.zero, (due ?? .now) - .now) / .nanoseconds(1)) }
}
