import ImagesAPI

extension SettingSyntax where Value == [String] {
  private static var most: Int { 64 }

  /// Host names, or suffixes of host names that begin with a dot.
  static var hostNames: Self {
    Self(
      placeholder: "names",
      allowed: "up to \(most) host names, or suffixes such as .example.com, separated by commas",
      parse: { text in
        let entries = text.isEmpty ? [] : text.split(separator: ",", omittingEmptySubsequences: false).map(withoutBlanks)
        let names = entries.compactMap { TrustedHosts.entry($0) }
        return names.count == entries.count && names.count <= most ? names : nil
      },
      text: { $0.joined(separator: ",") })
  }

  @Sendable private static func withoutBlanks(_ text: Substring) -> Substring {
    let start = text.drop { $0 == " " }
    return start[..<(start.lastIndex { $0 != " " }.map(start.index(after:)) ?? start.startIndex)]
  }
}
