import FoundationEssentials

/// What a client gave for a parameter, in JSON or in a form.
///
/// Nested values are kept as far as any parameter goes (`images[0].image_url`, `svg.reasoning.effort`); below, and behind the first
/// elements of an array, only their kind and number count.
enum ParameterValue: Equatable, Sendable {
  case string(String)
  case integer(Int)
  case decimal(Double)
  case boolean(Bool)
  case null
  case array([ParameterValue], count: Int)
  case object([String: ParameterValue])
  /// A form's field, which may stand for a string, a number or a boolean.
  case text(String)
  /// A form's file.
  case file(UploadedFile)

  /// The kind with its article, as error messages name it.
  var kind: String {
    switch self {
    case .string, .text: "a string"
    case .integer: "an integer"
    case .decimal: "a decimal number"
    case .boolean: "a boolean"
    case .null: "null"
    case .array: "an array"
    case .object: "an object"
    case .file: "a file"
    }
  }
}

extension ParameterValue: Decodable {
  /// Levels below which nothing is kept: body, parameter, element or member, member.
  private static let depth = 3
  /// Elements of an array that are kept: one more than any parameter takes.
  static let elements = 17

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let string = try Self.string(value) {
      self = .string(string)
    } else if value.decodeNil() {
      self = .null
    } else if let boolean = try? value.decode(Bool.self) {
      self = .boolean(boolean)
    } else if let integer = try? value.decode(Int.self) {
      self = .integer(integer)
    } else if let decimal = try? value.decode(Double.self) {
      self = .decimal(decimal)
    } else if let array = try? decoder.unkeyedContainer() {
      self = try Self.array(array, keepsElements: decoder.codingPath.count < Self.depth)
    } else {
      self = try Self.object(decoder.container(keyedBy: ParameterKey.self), keepsMembers: decoder.codingPath.count < Self.depth)
    }
  }

  /// The string, or nil where it is something else. What is a string but none that JSON allows (half a surrogate pair, a raw line break)
  /// shows only now, and makes the whole text unreadable.
  private static func string(_ value: any SingleValueDecodingContainer) throws -> String? {
    do { return try value.decode(String.self) } catch DecodingError.typeMismatch, DecodingError.valueNotFound { return nil }
  }

  private static func array(_ container: any UnkeyedDecodingContainer, keepsElements: Bool) throws -> ParameterValue {
    var container = container
    let count = container.count ?? 0
    let kept = keepsElements ? try (0..<min(count, elements)).map { _ in try container.decode(ParameterValue.self) } : []
    return .array(kept, count: count)
  }

  private static func object(_ container: KeyedDecodingContainer<ParameterKey>, keepsMembers: Bool) throws -> ParameterValue {
    let keys = keepsMembers ? container.allKeys.prefix(elements) : []
    let members = try keys.map { ($0.stringValue, try container.decode(ParameterValue.self, forKey: $0)) }
    return .object(Dictionary(members) { first, _ in first })
  }
}
