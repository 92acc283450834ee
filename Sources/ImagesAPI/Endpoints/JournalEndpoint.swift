import FastCGI
import ImageGeneration
import JSON
import Journal
import Metrics
import Synchronization

/// GET and DELETE /_fakeai/requests: what the pool was asked lately.
enum JournalEndpoint {
  static let get: Route.Endpoint = { service, request, _ throws(APIError) in
    let journal = try journal(of: service)
    let query = try JournalQuery(request.query)
    let page = journal.page(query.wanted, since: query.since, limit: query.limit)
    guard page.entries.isEmpty, query.limit > 0, query.wait > 0 else { return .now(answer(page, service)) }
    let search = Search(journal: journal, query: query, from: max(page.next, query.since ?? 0))
    return .awaited(
      AwaitedResponse(
        every: .milliseconds(25), until: .now + .seconds(query.wait), check: { search.page().map { answer($0, service) } },
        otherwise: { answer(JournalPage(entries: [], next: journal.next), service) }))
  }

  static let clear: Route.Endpoint = { service, _, _ throws(APIError) in
    guard try journal(of: service).clear() else { throw .overloaded }
    return .now(.json(.object([("cleared", .boolean(true))])))
  }

  private static func journal(of service: ImagesService) throws(APIError) -> Journal {
    guard let journal = service.journal else {
      throw APIError(404, "The request journal is off: FAKEAI_JOURNAL_SIZE is 0. Set it to the number of requests to keep.")
    }
    return journal
  }

  private static func answer(_ page: JournalPage, _ service: ImagesService) -> Response {
    let dropped = service.scoreboard.totals().counters[.unrecorded] ?? 0
    return .json(
      .object([
        ("requests", .array(page.entries.map(json))), ("next", .integer(Int(clamping: page.next))),
        ("dropped", .integer(Int(clamping: dropped))),
      ]))
  }

  /// The entry's own members behind its number.
  private static func json(_ entry: JournalPage.Entry) -> JSONText {
    .verbatim("{\"sequence\":\(entry.sequence),\(entry.text.dropFirst())")
  }

  /// Looks only at what has come since it looked last.
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
