import Answers
import JSON
import ObjectStore

/// The query of a list that is read page by page: `after` and `limit`. The newest object comes first.
struct ObjectPageQuery: Sendable {
  var after: String?
  var limit: Int

  /// - Parameters:
  ///   - usual: the limit if the query has none.
  ///   - most: the highest limit. A limit of 0 gives an empty page.
  init(_ context: RequestContext, usual: Int = 20, most: Int = 100) throws(APIError) {
    limit = usual
    for (name, value) in context.request.queryItems {
      switch name {
      case "after": after = value.isEmpty ? nil : value
      case "limit":
        guard let number = Int(value) else { throw .unconvertible("limit", to: "an integer") }
        guard number >= 0 else { throw .belowMinimum("limit", value, minimum: 0) }
        guard number <= most else { throw .aboveMaximum("limit", value, maximum: most) }
        limit = number
      default: break
      }
    }
  }

  /// The IDs on the page, and whether there are more. A page after an unknown ID is empty.
  ///
  /// - Parameter ids: all of them, the oldest first.
  func page(of ids: [String]) -> (ids: [String], hasMore: Bool) {
    let newest = ids.reversed()
    let rest = after.map { after in newest.drop { $0 != after }.dropFirst() } ?? newest[...]
    return (Array(rest.prefix(limit)), limit > 0 && rest.count > limit)
  }

  /// As OpenAPI describes it.
  static func description(most: Int = 100) -> [JSONText] {
    [
      .query("after", ["type": "string"], "The last id of the previous page."),
      .query("limit", ["type": "integer", "minimum": 0, "maximum": .integer(most)], "How many to return, 20 by default."),
    ]
  }
}

extension JSONText {
  /// A page of a list.
  ///
  /// - Parameter items: each with its ID.
  static func page(_ items: [(id: String, json: JSONText)], hasMore: Bool) -> JSONText {
    [
      "object": "list", "data": .array(items.map(\.json)), "first_id": .orNull(items.first?.id), "last_id": .orNull(items.last?.id),
      "has_more": .boolean(hasMore),
    ]
  }
}

extension ObjectStore {
  func objects(_ names: [ObjectName]) -> ObjectAnswer<[StoredObject?]> { ObjectAnswer<StoredObject?>.all(names.map { object($0) }) }
}
