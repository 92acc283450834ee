extension JSONValue {
  /// The object, if the value is one.
  package var object: JSONObject? { if case .object(let object) = self { object } else { nil } }

  /// The elements, if the value is an array.
  package var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }

  /// The text, if the value is a string.
  package var text: String? { if case .string(let string) = self { string.text } else { nil } }

  /// The number, if the value is an integer.
  package var integer: Int? { if case .integer(let integer) = self { integer } else { nil } }
}

extension JSONObject {
  /// The value of that name; nil if there is none or if it is null, which the API takes for the same.
  package func given(_ name: String) -> JSONValue? {
    let value = self[name]
    return value == .null ? nil : value
  }
}
