extension JSONText {
  /// A parsed value, to be written again. Its numbers may be spelled in another way.
  package init(_ value: JSONValue) {
    self =
      switch value {
      case .string(let string): .string(string.text)
      case .integer(let integer): .integer(integer)
      case .decimal(let decimal): .decimal(decimal)
      case .boolean(let boolean): .boolean(boolean)
      case .null: .null
      case .array(let elements): .array(elements.map(JSONText.init))
      case .object(let object): .object(object.members.map { ($0.name.text, JSONText($0.value)) })
      }
  }
}
