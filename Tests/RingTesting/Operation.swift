/// What one process asked of a ring and was answered, and when: one line of a history.
package struct Operation: BitwiseCopyable, Sendable {
  package enum Outcome: Hashable, BitwiseCopyable, Sendable {
    case inserted(sequence: Int, RingModel.Entry)
    case swept(now: Int64, dropped: Int)
    case got(sequence: Int, Answer)
  }

  package enum Answer: BitwiseCopyable, Sendable {
    case entry, nothing
    /// Bytes that nobody inserted under this sequence number.
    case wrongBytes
  }

  /// Less than 64.
  package var process: Int
  package var outcome: Outcome
  /// Nanoseconds of one clock for all processes, read before the call and after it.
  package var invoked: UInt64
  package var responded: UInt64

  package init(process: Int, outcome: Outcome, invoked: UInt64, responded: UInt64) {
    self.process = process
    self.outcome = outcome
    self.invoked = invoked
    self.responded = responded
  }
}
