import FoundationEssentials
import Journal
import Simulation

/// What `/_fakeai/requests?…` asks for.
struct JournalQuery {
  var wanted: [JournalField: String] = [:]
  var since: UInt64?
  var limit = 100
  /// How long to wait for a first match, in seconds.
  var wait = 0.0

  static let mostEntries = 1000
  static let longestWait = 60.0

  init(_ query: String) throws(APIError) {
    // Forms write a blank as +, which URLs do not.
    let items = URLComponents(string: "?" + query.replacing("+", with: "%20"))?.queryItems ?? []
    for item in items {
      let value = item.value ?? ""
      switch (item.name, JournalField(rawValue: item.name)) {
      case (_, .some(let field)): wanted[field] = value
      case ("since", _): since = try Self.number(item.name, value, "a whole number") { UInt64($0) }
      case ("limit", _): limit = try Self.number(item.name, value, "a whole number from 0 to \(Self.mostEntries)") { Self.limit($0) }
      case ("wait", _): wait = try Self.number(item.name, value, "seconds from 0 to \(Int(Self.longestWait))") { Self.seconds($0) }
      default: throw .unknownFilter(item.name)
      }
    }
  }

  private static func limit(_ text: String) -> Int? { Int(text).flatMap { (0...mostEntries).contains($0) ? $0 : nil } }

  private static func seconds(_ text: String) -> Double? { Double(text).flatMap { (0...longestWait).contains($0) ? $0 : nil } }

  private static func number<Value>(
    _ name: String, _ text: String, _ allowed: String, _ parse: (String) -> Value?
  ) throws(APIError) -> Value {
    guard let value = parse(text) else {
      throw APIError(400, "Invalid value: '\(text)'. '\(name)' must be \(allowed).", param: name, code: "invalid_value")
    }
    return value
  }
}

extension APIError {
  fileprivate static func unknownFilter(_ name: String) -> APIError {
    let known = JournalField.allCases.map(\.rawValue) + ["since", "limit", "wait"]
    return APIError(
      400, "Unknown parameter: '\(name)'. Supported names are \(list(known, conjunction: "and")).", param: name, code: "unknown_parameter"
    )
  }
}
