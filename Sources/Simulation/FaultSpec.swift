import Spelling

/// The fault and the latency of a response, and what its images are. Nil fields fall through to the next source.
package struct FaultSpec: Sendable, Equatable {
  package var fault: FaultChoice?
  /// The parameters of the fault `moderation`; nil: the default ones.
  package var moderation: Moderation?
  package var latency: Latency?
  /// When to try again, for responses that report it.
  package var retryAfter: Duration?
  /// The bytes to which each finished image is padded.
  package var bytes: Int?
  /// The image calls of a response of the Responses API.
  package var calls: Int?
  /// What is shown instead of drawn images.
  package var picture: PictureChoice?
  /// The layout of drawn images.
  package var template: TemplateChoice?

  /// A fault, or the absence of one even if a source of lower precedence sets one.
  package enum FaultChoice: Sendable, Equatable {
    case absent
    case present(Fault)
  }

  package init(
    fault: FaultChoice? = nil, moderation: Moderation? = nil, latency: Latency? = nil, retryAfter: Duration? = nil, bytes: Int? = nil,
    calls: Int? = nil, picture: PictureChoice? = nil, template: TemplateChoice? = nil
  ) {
    self.fault = fault
    self.moderation = moderation
    self.latency = latency
    self.retryAfter = retryAfter
    self.bytes = bytes
    self.calls = calls
    self.picture = picture
    self.template = template
  }

  /// This specification, with its nil fields taken from another. The time to try again and the moderation belong to the fault and are taken
  /// together with it.
  package func filled(from other: FaultSpec) -> FaultSpec {
    var filled = self
    if fault == nil {
      filled.fault = other.fault
      filled.moderation = other.moderation
      filled.retryAfter = retryAfter ?? other.retryAfter
    }
    filled.latency = latency ?? other.latency
    filled.bytes = bytes ?? other.bytes
    filled.calls = calls ?? other.calls
    filled.picture = picture ?? other.picture
    filled.template = template ?? other.template
    return filled
  }
}

extension FaultSpec {
  /// The names of all properties in directives and rules.
  static let names = ["fault", "latency", "retry_after", "bytes", "calls", "picture", "template"] + ModerationWords.names

  /// Sets properties by their names, in any order.
  init(_ properties: some Sequence<(name: String, text: String)>) throws(FaultSpecError) {
    self.init()
    var words = ModerationWords()
    for (name, text) in properties {
      if ModerationWords.names.contains(name) { try words.set(name, text) } else { try set(name, text) }
    }
    moderation = try words.moderation(of: fault)
  }

  private mutating func set(_ name: String, _ text: String) throws(FaultSpecError) {
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
    case "bytes":
      guard let value = ByteCount.parse(text) else { throw FaultSpecError(name: name, value: text, allowed: ByteCount.allowed) }
      bytes = value
    case "calls":
      guard text.utf8.allSatisfy({ (48...57).contains($0) }), let value = Int(text), Self.mostCalls.contains(value) else {
        throw FaultSpecError(name: name, value: text, allowed: "the number of image calls, from 0 to \(Self.mostCalls.upperBound)")
      }
      calls = value
    case "picture": picture = try PictureChoice(text)
    case "template": template = try TemplateChoice(text)
    default: throw FaultSpecError(unknown: name, value: text, among: Self.names)
    }
  }

  private static func fault(_ text: String) throws(FaultSpecError) -> FaultChoice {
    if text == "none" { return .absent }
    guard let fault = Fault(rawValue: text) else {
      let names = ["none"] + Fault.allCases.map(\.rawValue)
      throw FaultSpecError(name: "fault", value: text, allowed: names.joined(separator: ", "), names: names)
    }
    return .present(fault)
  }

  /// Image calls in a response.
  package static let mostCalls = 0...10

  /// Only a latency.
  package init(latency text: String) throws(FaultSpecError) { try self.init([(name: "latency", text: text)]) }

  /// Only a number of bytes.
  package init(bytes text: String) throws(FaultSpecError) { try self.init([(name: "bytes", text: text)]) }

  /// Only pictures.
  package init(picture text: String) throws(FaultSpecError) { try self.init([(name: "picture", text: text)]) }

  /// Only a template.
  package init(template text: String) throws(FaultSpecError) { try self.init([(name: "template", text: text)]) }

  /// Parses properties such as `latency=2s`, separated by whitespace. A word without `=` is the name of a fault.
  package init(parsing text: some StringProtocol) throws(FaultSpecError) {
    try self.init(
      text.unicodeScalars.split(whereSeparator: { $0.properties.isWhitespace }).map { word in
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { String(String.UnicodeScalarView($0)) }
        return parts.count == 2 ? (name: parts[0], text: parts[1]) : (name: "fault", text: parts[0])
      })
  }
}

/// A property that is not valid, and the values that would be.
package struct FaultSpecError: Error, Equatable {
  package let name: String
  package let value: String
  /// The allowed values; if the name is unknown, the allowed names.
  package let allowed: String
  /// The similar name that was probably meant, ` (did you mean rate_limit?)`, to follow the value; empty if there is none.
  package let suggestion: String

  /// - Parameter names: the values of which one may have been meant.
  init(name: String, value: String, allowed: String, names: [String] = []) {
    (self.name, self.value, self.allowed) = (name, value, allowed)
    suggestion = names.suggestion(for: value)
  }

  init(unknown name: String, value: String, among names: [String]) {
    (self.name, self.value) = (name, value)
    allowed = "the names \(names.joined(separator: ", "))"
    suggestion = names.suggestion(for: name)
  }
}
