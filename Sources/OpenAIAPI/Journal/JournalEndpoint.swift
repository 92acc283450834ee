import Answers
import FastCGI
import JSON
import Journal
import Metrics
import SystemCalls

/// GET and DELETE /_fakeai/requests: the latest requests to the pool.
enum JournalEndpoint {
  static let get: Route.Serve = { context throws(APIError) in
    let journal = try journal(of: context.service)
    let query = try JournalQuery(context)
    guard query.count == nil else { return try wait(for: JournalWatch(query, of: journal, from: query.since ?? 0), query, &context) }
    let page = journal.entries(JournalFilter(query.wanted), since: query.since, limit: query.limit)
    return try context.after(page) { context, page throws(APIError) in
      guard page.entries.isEmpty, query.limit > 0, query.wait > 0 else { return .respond(response(page, context.service)) }
      return try wait(for: JournalWatch(query, of: journal, from: max(page.next, query.since ?? 0)), query, &context)
    }
  }

  static let clear: Route.Serve = { context throws(APIError) in
    let query = try JournalQuery(context, isFilter: true)
    return try context.after(journal(of: context.service).remove(query.wanted)) { _, _ throws(APIError) in
      .respond(.json(.object([("cleared", .boolean(true))])))
    }
  }

  private static let interval = Duration.milliseconds(25)

  /// The status if fewer requests match than the client expects.
  private static let unmet = 408

  /// Responds when enough requests match, or after the wait.
  private static func wait(for watch: JournalWatch, _ query: JournalQuery, _ context: inout RequestContext) throws(APIError) -> Reply.Action
  {
    let service = context.service
    let check: @Sendable () -> Response? = { watch.result().map { response($0, service) } }
    let giveUp: @Sendable () -> Reply.Action = { [context] in
      var context = context
      let answer = watch.remainder()
      do throws(APIError) {
        return try context.after(answer) { context, page throws(APIError) in
          .respond(response(page, context.service, status: page.entries.count < query.count ?? 0 ? unmet : 200))
        }
      } catch {
        return .respond(error.response)
      }
    }
    if let response = check() { return .respond(response) }
    return .wait(PendingReply(every: interval, until: .now + .seconds(query.wait), check: check, onTimeout: giveUp))
  }

  private static func journal(of service: APIService) throws(APIError) -> any RequestLog {
    guard let journal = service.journal else { throw .journalIsOff }
    return journal
  }

  private static func response(_ result: Result<JournalPage, JournalError>, _ service: APIService) -> Response {
    switch result {
    case .success(let page): response(page, service)
    case .failure(let error): error.apiError.response
    }
  }

  private static func response(_ page: JournalPage, _ service: APIService, status: Int = 200) -> Response {
    let dropped = service.scoreboard.totals().counters[.unrecorded] ?? 0
    return .json(
      .object([
        ("requests", .array(page.entries.map(json))), ("oldest", .integer(Int(clamping: page.oldest))),
        ("next", .integer(Int(clamping: page.next))), ("dropped", .integer(Int(clamping: dropped))),
      ]), status: status)
  }

  /// The entry with its sequence number as the first member.
  static func json(_ entry: JournalPage.Entry) -> JSONText {
    .verbatim("{\"sequence\":\(entry.sequence),\(entry.text.dropFirst())")
  }
}

extension APIError {
  static let journalIsOff = APIError(
    404, "The request journal is off: FAKEAI_JOURNAL_SIZE is 0. Set it to the number of requests to keep.")
}

extension JournalError: SharedStateError {
  var apiError: APIError {
    switch self {
    case .dropped, .busy: .overloaded
    case .unavailable(let reason): .sharedStateUnavailable(reason)
    }
  }
}
