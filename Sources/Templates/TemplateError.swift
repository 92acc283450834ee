package import Pictures
import Spelling

/// Why a template cannot be used.
package struct TemplateError: Error, Equatable, CustomStringConvertible {
  /// The name that was asked for.
  package let name: String
  package let reason: Reason
  /// The similar name that was probably meant, ` (did you mean card?)`; empty if there is none.
  package let suggestion: String

  package enum Reason: Error, Equatable, Sendable {
    /// No template has the name. These do.
    case unknown(names: [String], hasDirectory: Bool)
    /// The file cannot be read.
    case file(PictureError.Reason)
    /// There is at least one.
    case faults([TemplateFault])
  }

  init(_ name: String, _ reason: Reason) {
    (self.name, self.reason) = (name, reason)
    suggestion = if case .unknown(let names, _) = reason { names.suggestion(for: name) } else { "" }
  }

  /// `"crad" (did you mean card?): there is no such template; allowed: card, hd, standard`
  package var description: String { "\(TemplateNode.quoted(name))\(suggestion): \(reason)" }
}

extension TemplateError.Reason: CustomStringConvertible {
  /// A clause about the name or the file.
  package var description: String {
    switch self {
    case .unknown(let names, let hasDirectory):
      "there is no such template; allowed: none, \(names.prefix(Self.mostShown).joined(separator: ", "))"
        + (names.count > Self.mostShown ? " and \(names.count - Self.mostShown) more" : "")
        + (hasDirectory ? "" : ", because the server has no directory of templates (FAKEAI_TEMPLATES)")
    case .file(let reason): reason.clause(of: TemplateFiles.directoryName)
    case .faults(let faults): faults[0].description + (faults.count > 1 ? " (and \(faults.count - 1) more)" : "")
    }
  }

  private static let mostShown = 20
}
