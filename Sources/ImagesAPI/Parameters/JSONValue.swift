import FoundationEssentials

/// A JSON value as far as parameters need it: scalars with their value, the rest by kind.
enum JSONValue: Decodable, Equatable {
  case string(String)
  case integer(Int)
  case decimal(Double)
  case boolean(Bool)
  case null
  case array
  case object

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
    } else {
      self = (try? decoder.unkeyedContainer()) == nil ? .object : .array
    }
  }

  /// The string, or nil where it is something else. What is a string but none that JSON allows (half a surrogate pair, a raw line break)
  /// shows only now, and makes the whole text unreadable.
  private static func string(_ value: any SingleValueDecodingContainer) throws -> String? {
    do { return try value.decode(String.self) } catch DecodingError.typeMismatch, DecodingError.valueNotFound { return nil }
  }

  /// The kind with its article, as error messages name it.
  var kind: String {
    switch self {
    case .string: "a string"
    case .integer: "an integer"
    case .decimal: "a decimal number"
    case .boolean: "a boolean"
    case .null: "null"
    case .array: "an array"
    case .object: "an object"
    }
  }
}
