import FoundationEssentials
import ImageGeneration

/// A parameter as the journal keeps it: long strings cut, nested values as far as they tell anything.
struct JournalValue: Decodable, Sendable {
  let json: JSONText

  private static let longestString = 500
  static let mostElements = 16
  private static let deepest = 4

  init(from decoder: any Decoder) throws {
    if decoder.codingPath.count > Self.deepest {
      json = .string("…")
    } else if let string = try? decoder.singleValueContainer().decode(String.self) {
      json = .string(Self.cut(string))
    } else if let object = try? decoder.container(keyedBy: Name.self) {
      let names = object.allKeys.sorted { $0.stringValue < $1.stringValue }.prefix(Self.mostElements)
      json = .object(try names.map { (Self.cut($0.stringValue), try object.decode(JournalValue.self, forKey: $0).json) })
    } else if var array = try? decoder.unkeyedContainer() {
      json = .array(try (0..<min(array.count ?? 0, Self.mostElements)).map { _ in try array.decode(JournalValue.self).json })
    } else {
      json = Self.scalar(try decoder.singleValueContainer())
    }
  }

  /// The member of that name, where it is a string.
  func string(_ name: String) -> String? {
    guard case .object(let members) = json, case .string(let value) = members.first(where: { $0.key == name })?.value else { return nil }
    return value
  }

  private static func scalar(_ value: any SingleValueDecodingContainer) -> JSONText {
    if let boolean = try? value.decode(Bool.self) { return .boolean(boolean) }
    if let integer = try? value.decode(Int.self) { return .integer(integer) }
    if let decimal = try? value.decode(Double.self) { return .decimal(decimal) }
    return .null
  }

  static func cut(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard let end = scalars.index(scalars.startIndex, offsetBy: longestString, limitedBy: scalars.endIndex), end < scalars.endIndex else {
      return text
    }
    return String(scalars[..<end]) + "…"
  }

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
