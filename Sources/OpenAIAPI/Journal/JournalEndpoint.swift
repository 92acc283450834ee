import FastCGI
import FoundationEssentials
import ImageGeneration
import JSON
import Journal
import Metrics
import Simulation
import Synchronization

/// The query of `/_fakeai/requests?…`.
struct JournalQuery {
  var wanted: [JournalField: String] = [:]
  var since: UInt64?
  var limit = 100
  /// How long to wait for the first match, in seconds.
  var wait = 0.0

  static let mostEntries = 1000
  static let longestWait = 60.0

  init(_ query: String) throws(APIError) {
    // Forms encode a space as `+`; URLs do not.
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

/// GET and DELETE /_fakeai/requests: the latest requests to the pool.
enum JournalEndpoint {
  static let get: Route.Serve = { context throws(APIError) in
    let service = context.service
    let journal = try journal(of: service)
    let query = try JournalQuery(context.request.query)
    let page = journal.page(query.wanted, since: query.since, limit: query.limit)
    guard page.entries.isEmpty, query.limit > 0, query.wait > 0 else { return .respond(response(page, service)) }
    let search = Search(journal: journal, query: query, from: max(page.next, query.since ?? 0))
    return .wait(
      PendingReply(
        every: .milliseconds(25), until: .now + .seconds(query.wait), check: { search.page().map { response($0, service) } },
        onTimeout: { response(JournalPage(entries: [], next: journal.next), service) }))
  }

  static let clear: Route.Serve = { context throws(APIError) in
    guard try journal(of: context.service).clear() else { throw .overloaded }
    return .respond(.json(.object([("cleared", .boolean(true))])))
  }

  private static func journal(of service: APIService) throws(APIError) -> Journal {
    guard let journal = service.journal else {
      throw APIError(404, "The request journal is off: FAKEAI_JOURNAL_SIZE is 0. Set it to the number of requests to keep.")
    }
    return journal
  }

  private static func response(_ page: JournalPage, _ service: APIService) -> Response {
    let dropped = service.scoreboard.totals().counters[.unrecorded] ?? 0
    return .json(
      .object([
        ("requests", .array(page.entries.map(json))), ("next", .integer(Int(clamping: page.next))),
        ("dropped", .integer(Int(clamping: dropped))),
      ]))
  }

  /// The entry with its sequence number as the first member.
  private static func json(_ entry: JournalPage.Entry) -> JSONText {
    .verbatim("{\"sequence\":\(entry.sequence),\(entry.text.dropFirst())")
  }

  /// Examines only entries that were added since its previous call.
  private final class Search: Sendable {
    private let journal: Journal
    private let wanted: JournalFilter
    private let limit: Int
    private let position: Mutex<UInt64>

    init(journal: Journal, query: JournalQuery, from position: UInt64) {
      self.journal = journal
      wanted = JournalFilter(query.wanted)
      limit = query.limit
      self.position = Mutex(position)
    }

    func page() -> JournalPage? {
      position.withLock { journal.news(wanted, since: &$0, limit: limit) }
    }
  }
}
