import CPOSIX

/// The condition of a rule: matches requests that meet all of its fields.
package struct RuleMatch: Sendable, Equatable {
  /// A path; if nil, the rule matches requests that make images.
  package var route: Pattern?
  package var model: Pattern?
  package var size: Pattern?
  /// The API key that the client sent.
  package var key: Pattern?
  /// A substring of the prompt. The UTF-8 bytes are compared, so the time is linear in the prompt whatever it contains.
  package var prompt: String?

  /// A text or, with `*` as the last character, a prefix.
  package struct Pattern: Sendable, Equatable {
    package var text: String

    package func fits(_ value: String?) -> Bool {
      guard let value else { return false }
      let pattern = text.utf8
      return pattern.last == UInt8(ascii: "*") ? value.utf8.starts(with: pattern.dropLast()) : value.utf8.elementsEqual(pattern)
    }
  }

  package func fits(_ subject: RuleSubject) -> Bool {
    (route.map { $0.fits(subject.route) } ?? subject.makesImages)
      && [(model, subject.model), (size, subject.size), (key, subject.key)].allSatisfy { $0.0?.fits($0.1) ?? true }
      && (prompt.map { subject.prompt?.containsBytes(of: $0) ?? false } ?? true)
  }
}

extension String {
  /// Whether the bytes of another string occur in this one. Swift's own search compares characters. If these are long, such as a sequence
  /// of flags, it takes quadratic time.
  fileprivate func containsBytes(of other: String) -> Bool {
    unsafe utf8.span.withUnsafeBufferPointer { bytes in
      unsafe other.utf8.span.withUnsafeBufferPointer { wanted in
        guard let start = bytes.baseAddress, let wantedStart = wanted.baseAddress else { return other.isEmpty }
        return unsafe cposix_contains(start, bytes.count, wantedStart, wanted.count)
      }
    }
  }
}

/// The properties of a request that rules match.
package struct RuleSubject: Sendable {
  /// The requested path.
  package var route: String
  package var key: String?
  /// The remaining fields are nil for requests that make no images.
  package var model: String?
  package var size: String?
  package var prompt: String?

  package init(route: String, key: String? = nil, model: String? = nil, size: String? = nil, prompt: String? = nil) {
    self.route = route
    self.key = key
    self.model = model
    self.size = size
    self.prompt = prompt
  }

  package var makesImages: Bool { prompt != nil }
}
