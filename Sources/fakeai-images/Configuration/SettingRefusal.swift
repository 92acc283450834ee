/// A value that is not allowed, as one line that says where it stands, what it is and what would be right.
struct SettingRefusal: Error, Equatable, CustomStringConvertible {
  /// The flag or the variable, whichever gave the value.
  let name: String
  let value: String
  let allowed: String

  var description: String { "\(name) is \(value.debugDescription); allowed: \(allowed)" }
}
