/// An entity tag: `"abc"`, or `W/"abc"` if it is weak (RFC 9110, section 8.8.3).
struct EntityTag: Equatable {
  /// With its quotes.
  var opaque: Substring
  var isWeak = false

  /// Two tags are the same version byte for byte only if neither is weak.
  func isStronglyEqual(to other: EntityTag) -> Bool { self == other && !isWeak }

  /// Two tags are equivalent versions, weak or not.
  func isWeaklyEqual(to other: EntityTag) -> Bool { opaque == other.opaque }

  /// - Parameter text: one tag, with nothing around it but blanks.
  init?(_ text: some StringProtocol) {
    var rest = Substring(text).utf8.trimmingBlanks
    guard let tag = Self.take(from: &rest), rest.isEmpty else { return nil }
    self = tag
  }

  init(opaque: Substring, isWeak: Bool = false) { (self.opaque, self.isWeak) = (opaque, isWeak) }

  /// Takes a tag off the front. The text may contain any characters but quotes, so also commas.
  fileprivate static func take(from text: inout Substring.UTF8View) -> EntityTag? {
    let isWeak = text.starts(with: "W/".utf8)
    let quoted = isWeak ? text.dropFirst(2) : text
    guard quoted.first == UInt8(ascii: "\""), let end = quoted.dropFirst().firstIndex(of: UInt8(ascii: "\"")) else { return nil }
    let after = quoted.index(after: end)
    text = text[after...]
    return EntityTag(opaque: Substring(quoted[..<after]), isWeak: isWeak)
  }
}

/// The value of If-Match or If-None-Match (RFC 9110, sections 13.1.1 and 13.1.2): `*`, or a list of tags.
enum EntityTagList: Equatable {
  /// `*`: any version, if there is one.
  case any
  case tags([EntityTag])

  /// Skips empty elements, and those that are not tags: a condition must not become true by a mistake.
  init(_ header: some StringProtocol) {
    var rest = Substring(header).utf8.trimmingBlanks
    guard !rest.elementsEqual("*".utf8) else {
      self = .any
      return
    }
    var tags: [EntityTag] = []
    while !rest.isEmpty {
      rest = rest.drop { $0 == UInt8(ascii: ",") || $0.isBlank }
      let tag = EntityTag.take(from: &rest)
      let remainder = rest.prefix { $0 != UInt8(ascii: ",") }
      if let tag, remainder.allSatisfy(\.isBlank) { tags.append(tag) }
      rest = rest[remainder.endIndex...]
    }
    self = .tags(tags)
  }

  func contains(where matches: (EntityTag) -> Bool) -> Bool {
    switch self {
    case .any: true
    case .tags(let tags): tags.contains(where: matches)
    }
  }
}

extension Substring.UTF8View {
  /// Without spaces and tabs at either end.
  var trimmingBlanks: Substring.UTF8View {
    let start = self.drop(while: \.isBlank)
    return start.lastIndex { !$0.isBlank }.map { start[...$0] } ?? start.prefix(0)
  }
}

extension UInt8 {
  /// A space or a tab: optional whitespace in headers (RFC 9110, section 5.6.3).
  var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
}
