import JSON

/// What is shown instead of drawn images.
package enum PictureChoice: Sendable, Equatable {
  /// Nothing, even if a source of lower precedence names files: the images are drawn.
  case drawn
  /// Files of the directory of pictures, one after the other, and then the first again. There is at least one. Whether they exist is for their
  /// directory to say.
  case files([String])

  /// Files in one choice.
  package static let mostFiles = 1000
  /// Bytes of a name.
  static let longestName = 255

  private static let word = "none"
  private static let allowed = "none, or the names of up to \(mostFiles) files in the directory of pictures, separated by commas"

  /// Parses the value of a header or of a directive. Rules have lists instead, in which a name may contain commas.
  init(_ text: String) throws(FaultSpecError) {
    guard text != Self.word else {
      self = .drawn
      return
    }
    let names = text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map(Self.withoutBlanks)
    guard names.count <= Self.mostFiles, names.allSatisfy({ (1...Self.longestName).contains($0.utf8.count) }) else {
      throw FaultSpecError(name: "picture", value: text, allowed: Self.allowed)
    }
    self = .files(names)
  }

  private static func withoutBlanks(_ text: Substring.UTF8View) -> String {
    let start = text.drop { $0 == UInt8(ascii: " ") }
    let end = start.lastIndex { $0 != UInt8(ascii: " ") }.map(start.index(after:)) ?? start.startIndex
    return String(Substring(start[..<end]))
  }

  init(_ node: RuleNode) throws(RuleDocumentError) {
    switch node.value {
    case .string:
      let name = try node.string(atMost: Self.longestName)
      self = name == Self.word ? .drawn : .files([name])
    case .array:
      let elements = try node.array(atMost: Self.mostFiles)
      guard !elements.isEmpty else { throw node.error("must have at least one name") }
      var names: [String] = []
      for (index, element) in elements.enumerated() {
        names.append(try RuleNode(element, path: "\(node.path)[\(index)]").string(atMost: Self.longestName))
      }
      self = .files(names)
    default: throw node.error("must be the name of a file or a list of names, not \(node.value.kind)")
    }
  }
}

extension RuleDocument {
  /// The names of all files, and where they stand in the document.
  package var pictures: [(path: String, name: String)] {
    specs.flatMap { path, spec -> [(path: String, name: String)] in
      guard case .files(let names)? = spec.picture else { return [] }
      return names.enumerated().map { (path: "\(path).picture" + (names.count == 1 ? "" : "[\($0)]"), name: $1) }
    }
  }
}
