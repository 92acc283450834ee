import FastCGI
import JSON
import Journal
import Metrics
import Synchronization

/// GET and DELETE /_fakeai/requests: the latest requests to the pool.
enum JournalEndpoint {
  static let get: Route.Serve = { context throws(APIError) in
    let service = context.service
    let journal = try journal(of: service)
    let query = try JournalQuery(context)
    if let count = query.count { return expect(count, query, journal, service) }
    let page = journal.page(query.wanted, since: query.since, limit: query.limit)
    guard page.entries.isEmpty, query.limit > 0, query.wait > 0 else { return .respond(response(page, service)) }
    let search = Search(journal: journal, query: query, from: max(page.next, query.since ?? 0))
    return .wait(
      PendingReply(
        every: interval, until: .now + .seconds(query.wait), check: { search.page().map { response($0, service) } },
        onTimeout: { response(JournalPage(entries: [], next: journal.next), service) }))
  }

  static let clear: Route.Serve = { context throws(APIError) in
    let journal = try journal(of: context.service)
    let query = try JournalQuery(context, isFilter: true)
    guard journal.clear(query.wanted) != nil else { throw .overloaded }
    return .respond(.json(.object([("cleared", .boolean(true))])))
  }

  private static let interval = Duration.milliseconds(25)

  /// The status if fewer requests match than the client expects.
  private static let unmet = 408

  /// Responds when `count` requests match, or after the wait.
  private static func expect(_ count: Int, _ query: JournalQuery, _ journal: Journal, _ service: APIService) -> Reply.Action {
    let expectation = Expectation(count, journal: journal, query: query)
    if let page = expectation.page() { return .respond(response(page, service)) }
    let giveUp: @Sendable () -> Response = { response(expectation.matches, service, status: unmet) }
    guard query.wait > 0 else { return .respond(giveUp()) }
    return .wait(
      PendingReply(
        every: interval, until: .now + .seconds(query.wait), check: { expectation.page().map { response($0, service) } }, onTimeout: giveUp)
    )
  }

  private static func journal(of service: APIService) throws(APIError) -> Journal {
    guard let journal = service.journal else {
      throw APIError(404, "The request journal is off: FAKEAI_JOURNAL_SIZE is 0. Set it to the number of requests to keep.")
    }
    return journal
  }

  private static func response(_ page: JournalPage, _ service: APIService, status: Int = 200) -> Response {
    let dropped = service.scoreboard.totals().counters[.unrecorded] ?? 0
    let oldest = service.journal?.oldest ?? 0
    return .json(
      .object([
        ("requests", .array(page.entries.map(json))), ("oldest", .integer(Int(clamping: oldest))),
        ("next", .integer(Int(clamping: page.next))), ("dropped", .integer(Int(clamping: dropped))),
      ]), status: status)
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

  /// Counts matches, of which it examines each once. The entries are read again when there are enough, because a thousand clients may wait.
  private final class Expectation: Sendable {
    private let count: Int
    private let journal: Journal
    private let query: JournalQuery
    private let wanted: JournalFilter
    private let state: Mutex<(position: UInt64, found: Int)>

    init(_ count: Int, journal: Journal, query: JournalQuery) {
      (self.count, self.journal, self.query) = (count, journal, query)
      wanted = JournalFilter(query.wanted)
      state = Mutex((query.since ?? 0, 0))
    }

    /// The matches that are in the journal now, from the first on.
    var matches: JournalPage { journal.page(query.wanted, since: query.since ?? 0, limit: query.limit) }

    /// - Returns: nil if there are too few.
    func page() -> JournalPage? {
      state.withLock { state in
        while let news = journal.news(wanted, since: &state.position, limit: JournalQuery.mostEntries) { state.found += news.entries.count }
        guard state.found >= count else { return nil }
        let page = matches
        // Entries that were counted may have been cleared since.
        state.found = min(state.found, page.entries.count)
        return state.found >= count ? page : nil
      }
    }
  }
}
