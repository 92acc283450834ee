import JSON
import Journal

/// The query of `/_fakeai/requests?…`.
struct JournalQuery {
  /// The values that entries must have.
  var wanted: [JournalField: String] = [:]
  var since: UInt64?
  var limit = 100
  /// How long to wait for the first match, or for `count` matches, in seconds.
  var wait = 0.0
  /// The number of matches that the client expects; nil if it takes what there is.
  var count: Int?

  static let mostEntries = 1000
  static let longestWait = 60.0

  /// - Parameter isFilter: whether only the filters are allowed.
  init(_ context: RequestContext, isFilter: Bool = false) throws(APIError) {
    var session: String?
    for (name, value) in context.request.queryItems {
      switch JournalField(rawValue: name) {
      case .session: session = value
      case .some(let field): wanted[field] = value
      case nil where isFilter: throw .unknownQuery(name, known: Self.filters)
      case nil: try set(name, value)
      }
    }
    wanted[.session] = try SessionChoice(query: session, header: try context.session(), usual: nil).session
    limit = max(limit, count ?? 0)
  }

  private mutating func set(_ name: String, _ value: String) throws(APIError) {
    switch name {
    case "since": since = try Self.number(name, value, "a whole number") { UInt64($0) }
    case "limit": limit = try Self.number(name, value, "a whole number from 0 to \(Self.mostEntries)") { Self.whole($0, from: 0) }
    case "count": count = try Self.number(name, value, "a whole number from 1 to \(Self.mostEntries)") { Self.whole($0, from: 1) }
    case "wait": wait = try Self.number(name, value, "seconds from 0 to \(Int(Self.longestWait))") { Self.seconds($0) }
    default: throw .unknownQuery(name, known: Self.filters + ["since", "limit", "wait", "count"])
    }
  }

  private static let filters = JournalField.allCases.map(\.rawValue)

  private static func whole(_ text: String, from least: Int) -> Int? {
    Int(text).flatMap { (least...mostEntries).contains($0) ? $0 : nil }
  }

  private static func seconds(_ text: String) -> Double? { Double(text).flatMap { (0...longestWait).contains($0) ? $0 : nil } }

  static func number<Value>(
    _ name: String, _ text: String, _ allowed: String, _ parse: (String) -> Value?
  ) throws(APIError) -> Value {
    guard let value = parse(text) else {
      throw APIError(400, "Invalid value: '\(text)'. '\(name)' must be \(allowed).", param: name, code: "invalid_value")
    }
    return value
  }
}
