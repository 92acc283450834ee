/// A value that is not allowed. Its description is one line with the flag or variable, the value and the allowed values.
struct SettingRefusal: Error, Equatable, CustomStringConvertible {
  /// The flag or the variable that the value comes from.
  let name: String
  let value: String
  let allowed: String

  var description: String { "\(name) is \(value.debugDescription); allowed: \(allowed)" }
}
