import JSON

/// The value of a parameter, from JSON or a form.
enum ParameterValue: Equatable, Sendable {
  case string(JSONString)
  case integer(Int)
  case decimal(Double)
  case boolean(Bool)
  case null
  /// The first elements of an array, and its length.
  case array([ParameterValue], count: Int)
  case object([String: ParameterValue])
  /// A field of a form, which may represent a string, a number or a boolean.
  case text(String)
  /// A file of a form.
  case file(UploadedFile)

  /// The type with its article, as in error messages.
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

extension ParameterValue {
  /// Whether it is an empty string, as programs send it for a field that was left empty.
  var isEmptyText: Bool {
    switch self {
    case .string(let string): string.isEmpty
    case .text(let text): text.isEmpty
    default: false
    }
  }

  /// Number of array elements that are kept: one more than any parameter accepts.
  static let elements = 17

  init(_ json: JSONValue) {
    self =
      switch json {
      case .string(let string): .string(string)
      case .integer(let integer): .integer(integer)
      case .decimal(let decimal): .decimal(decimal)
      case .boolean(let boolean): .boolean(boolean)
      case .null: .null
      case .array(let values): .array(values.prefix(Self.elements).map(ParameterValue.init), count: values.count)
      case .object(let object):
        .object(Dictionary(object.members.map { ($0.name.text, ParameterValue($0.value)) }) { _, last in last })
      }
  }
}
