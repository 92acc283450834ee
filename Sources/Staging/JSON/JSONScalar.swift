/// A JSON value of a configuration file: scalars with their value, the rest by kind.
package enum JSONScalar: Decodable, Equatable, Sendable {
  case string(String)
  case integer(Int)
  case other(kind: String)

  package init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let string = try? value.decode(String.self) {
      self = .string(string)
    } else if let integer = try? value.decode(Int.self) {
      self = .integer(integer)
    } else {
      self = .other(kind: Self.kind(value, decoder))
    }
  }

  private static func kind(_ value: any SingleValueDecodingContainer, _ decoder: any Decoder) -> String {
    if value.decodeNil() { return "null" }
    if (try? value.decode(Bool.self)) != nil { return "a boolean" }
    if (try? value.decode(Double.self)) != nil { return "a decimal number" }
    return (try? decoder.unkeyedContainer()) == nil ? "an object" : "a list"
  }

  /// As an error shows it.
  package var described: String {
    switch self {
    case .string(let text): text.debugDescription
    case .integer(let number): String(number)
    case .other(let kind): kind
    }
  }
}
