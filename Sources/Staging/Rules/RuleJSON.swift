/// Any JSON value.
indirect enum RuleJSON: Decodable {
  case string(String)
  case number(Double)
  case boolean(Bool)
  case null
  case array([RuleJSON])
  case object([String: RuleJSON])

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let boolean = try? value.decode(Bool.self) {
      self = .boolean(boolean)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let string = try? value.decode(String.self) {
      self = .string(string)
    } else if let array = try? value.decode([RuleJSON].self) {
      self = .array(array)
    } else {
      self = .object(try value.decode([String: RuleJSON].self))
    }
  }
}
