/// The layout of drawn images.
package enum TemplateChoice: Sendable, Equatable {
  /// The usual one, even if a source of lower precedence names a template.
  case usual
  /// Whether there is one of that name is for the directory of templates to say.
  case named(String)

  /// Bytes of a name: those of its file, without `.json`.
  package static let longestName = 250

  private static let word = "none"
  static let allowed = "none, or the name of a template"

  /// Parses the value of a header, of a directive or in a rule.
  init(_ text: String) throws(FaultSpecError) {
    guard (1...Self.longestName).contains(text.utf8.count) else {
      throw FaultSpecError(name: "template", value: text, allowed: Self.allowed)
    }
    self = text == Self.word ? .usual : .named(text)
  }
}

extension RuleDocument {
  /// The names of all templates, and where they stand in the document.
  package var templates: [(path: String, name: String)] {
    specs.compactMap { path, spec in if case .named(let name)? = spec.template { (path: "\(path).template", name: name) } else { nil } }
  }

  /// What the rules do, and where it stands in the document.
  var specs: [(path: String, spec: FaultSpec)] {
    rules.enumerated().flatMap { number, rule in
      rule.then.enumerated().map { step, spec in
        (path: "rule \(number + 1).then\(rule.when.isSequence ? "[\(step)]" : "")", spec: spec)
      }
    }
  }
}
