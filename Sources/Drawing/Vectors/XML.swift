/// Text that means itself in an XML document.
extension String {
  /// With references for what would be markup, and without what XML 1.0 (section 2.2) does not allow at all.
  package var escapedForXML: String {
    var escaped = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\t", "\n", " "..."\u{fffd}", "\u{10000}"...: escaped.unicodeScalars.append(scalar)
      default: continue
      }
    }
    return escaped
  }
}
