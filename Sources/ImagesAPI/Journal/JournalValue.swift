import ImageGeneration
import JSON

/// A parameter as the journal keeps it: long strings cut, nested values as far as they tell anything.
struct JournalValue: Sendable {
  let json: JSONText

  private static let longestString = 500
  static let mostElements = 16
  private static let deepest = 4

  init(_ value: JSONValue) { json = Self.text(of: value, depth: 0) }

  private static func text(of value: JSONValue, depth: Int) -> JSONText {
    if depth > deepest { return .string("…") }
    switch value {
    case .string(let string): return .string(cut(string.text))
    case .integer(let integer): return .integer(integer)
    case .decimal(let decimal): return .decimal(decimal)
    case .boolean(let boolean): return .boolean(boolean)
    case .null: return .null
    case .array(let values): return .array(values.prefix(mostElements).map { text(of: $0, depth: depth + 1) })
    case .object(let object):
      let members = Dictionary(object.members.map { ($0.name.text, $0.value) }) { _, last in last }
      let kept = members.sorted { $0.key < $1.key }.prefix(mostElements)
      return .object(kept.map { (cut($0.key), text(of: $0.value, depth: depth + 1)) })
    }
  }

  /// The member of that name, where it is a string.
  func string(_ name: String) -> String? {
    guard case .object(let members) = json, case .string(let value) = members.first(where: { $0.key == name })?.value else { return nil }
    return value
  }

  static func cut(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard let end = scalars.index(scalars.startIndex, offsetBy: longestString, limitedBy: scalars.endIndex), end < scalars.endIndex else {
      return text
    }
    return String(scalars[..<end]) + "…"
  }
}
