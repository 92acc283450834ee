package import JSON

/// A mistake in a template's file.
package struct TemplateFault: Error, Sendable, Hashable, CustomStringConvertible {
  /// The name of the file.
  package let file: String
  /// nil: the file as a whole.
  package let place: JSONPlace?
  /// What is wrong, and what would be right.
  package let problem: String

  /// `card.json:3:14: "colr" is not a member of a text (did you mean colour?); allowed: …`
  package var description: String { place.map { "\(file):\($0.line):\($0.column): \(problem)" } ?? "\(file): \(problem)" }
}

/// Collects the mistakes of a file, so that all of them can be told at once.
final class TemplateFaults {
  private let file: String
  private let document: [UInt8]
  private(set) var all: [TemplateFault] = []

  init(file: String, document: [UInt8]) { (self.file, self.document) = (file, document) }

  /// - Parameter offset: see ``JSONPath/place(in:atCharacter:)``.
  func add(_ problem: String, at path: JSONPath, character offset: Int? = nil) {
    guard all.count < Self.most else { return }
    all.append(TemplateFault(file: file, place: path.place(in: document, atCharacter: offset), problem: problem))
  }

  func add(_ error: JSONError) {
    all.append(TemplateFault(file: file, place: error.place, problem: "this is not valid JSON: \(error.problem)"))
  }

  /// No more are told of one file.
  private static let most = 100
}
