/// The query of GET /v1/files. Other parameters have no effect.
struct FileListQuery: Sendable, Equatable {
  /// The ID after which the page begins.
  var after: String?
  var limit = Self.limits.upperBound
  var isAscending = false
  var purpose: String?

  static let limits = 0...10_000

  init(_ items: [(name: String, value: String)]) throws(APIError) {
    for (name, value) in items {
      switch name {
      case "after": after = value
      case "limit": limit = try Parameters([name: .text(value)]).integer(name, in: Self.limits) ?? Self.limits.upperBound
      case "order":
        guard ["asc", "desc"].contains(value) else { throw .unsupportedValue(name, value, supported: ["asc", "desc"]) }
        isAscending = value == "asc"
      case "purpose": purpose = value
      default: break
      }
    }
  }

  /// The IDs from which the page is made, in its order. Nothing follows an ID that there is not.
  ///
  /// - Parameter ids: all, the oldest first.
  func candidates(_ ids: [String]) -> [String] {
    let ids = isAscending ? ids : ids.reversed()
    guard let after else { return ids }
    return ids.firstIndex(of: after).map { Array(ids[($0 + 1)...]) } ?? []
  }
}
