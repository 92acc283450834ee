import FoundationEssentials
import SystemPackage

/// A file in which literal values are replaced: the production site, adapted to another address and directory.
struct SiteTemplate {
  let name: String
  let text: String

  /// - Parameter replacements: each literal, which must occur, and its replacement.
  /// - Throws: an error for the first literal that does not occur. The file has changed, and the replacement would silently be lost.
  func replacing(_ replacements: [(literal: String, value: String)]) throws(CommandFailure) -> String {
    var result = text
    for (literal, value) in replacements {
      guard result.contains(literal) else { throw CommandFailure("\(name) does not contain \(literal.debugDescription)") }
      result = result.replacing(literal, with: value)
    }
    return result
  }
}

extension SiteTemplate {
  init(_ file: FilePath) throws(CommandFailure) {
    guard let text = try? String(contentsOfFile: file.string, encoding: .utf8) else { throw CommandFailure("cannot read \(file)") }
    self.init(name: file.string, text: text)
  }
}
