/// The fault and the latency of a response. Nil fields fall through to the next source.
package struct FaultSpec: Sendable, Equatable {
  package var fault: FaultChoice?
  package var latency: Latency?
  /// When to try again, for responses that report it.
  package var retryAfter: Duration?

  /// A fault, or the absence of one even if a source of lower precedence sets one.
  package enum FaultChoice: Sendable, Equatable {
    case absent
    case present(Fault)
  }

  package init(fault: FaultChoice? = nil, latency: Latency? = nil, retryAfter: Duration? = nil) {
    self.fault = fault
    self.latency = latency
    self.retryAfter = retryAfter
  }

  /// This specification, with its nil fields taken from another. The time to try again belongs to the fault and is taken together with it.
  package func filled(from other: FaultSpec) -> FaultSpec {
    var filled = self
    if fault == nil {
      filled.fault = other.fault
      filled.retryAfter = retryAfter ?? other.retryAfter
    }
    filled.latency = latency ?? other.latency
    return filled
  }
}

extension FaultSpec {
  /// Sets a property by its name in directives and rules.
  mutating func set(_ name: String, _ text: String) throws(FaultSpecError) {
    switch name {
    case "fault": fault = try Self.fault(text)
    case "latency":
      guard let value = Latency(text: text) else { throw FaultSpecError(name: name, value: text, allowed: Latency.allowed) }
      latency = value
    case "retry_after":
      guard let value = Duration(text: text), value <= Latency.longest else {
        throw FaultSpecError(name: name, value: text, allowed: "a time such as 250ms, 1.5s or 2m, up to 10m")
      }
      retryAfter = value
    default: throw FaultSpecError(name: name, value: text, allowed: "fault, latency and retry_after as names")
    }
  }

  private static func fault(_ text: String) throws(FaultSpecError) -> FaultChoice {
    if text == "none" { return .absent }
    guard let fault = Fault(rawValue: text) else {
      let names = Fault.allCases.map(\.rawValue).joined(separator: ", ")
      throw FaultSpecError(name: "fault", value: text, allowed: "none, \(names)")
    }
    return .present(fault)
  }

  /// Only a latency.
  package init(latency text: String) throws(FaultSpecError) {
    self.init()
    try set("latency", text)
  }

  /// Parses properties such as `latency=2s`, separated by whitespace. A word without `=` is the name of a fault.
  package init(parsing text: some StringProtocol) throws(FaultSpecError) {
    self.init()
    for word in text.unicodeScalars.split(whereSeparator: { $0.properties.isWhitespace }) {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { String(String.UnicodeScalarView($0)) }
      if parts.count == 2 { try set(parts[0], parts[1]) } else { try set("fault", parts[0]) }
    }
  }
}

/// A property that is not valid, and the values that would be.
package struct FaultSpecError: Error, Equatable {
  package var name: String
  package var value: String
  package var allowed: String
}
