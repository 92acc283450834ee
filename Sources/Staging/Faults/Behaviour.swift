/// How an answer is to behave: what is wrong with it, and how late it comes. What is nil is left to whoever else has a say.
package struct Behaviour: Sendable, Equatable {
  package var fault: FaultChoice?
  package var latency: Latency?
  /// When to try again, for answers that say so.
  package var retryAfter: Duration?

  /// A fault, or that there be none, whoever else asks for one.
  package enum FaultChoice: Sendable, Equatable {
    case absent
    case present(Fault)
  }

  package init(fault: FaultChoice? = nil, latency: Latency? = nil, retryAfter: Duration? = nil) {
    self.fault = fault
    self.latency = latency
    self.retryAfter = retryAfter
  }

  /// This behaviour, and what it leaves open as another says. The time to try again belongs to the fault, and comes with it.
  package func filled(from other: Behaviour) -> Behaviour {
    var filled = self
    if fault == nil {
      filled.fault = other.fault
      filled.retryAfter = retryAfter ?? other.retryAfter
    }
    filled.latency = latency ?? other.latency
    return filled
  }
}
