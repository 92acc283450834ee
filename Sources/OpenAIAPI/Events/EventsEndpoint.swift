import Answers
import FastCGI
import Journal

/// GET /_fakeai/events: requests and figures as they come, as server-sent events.
///
/// The response has no end of its own. It ends when the worker stops, when the client is too slow, or after an hour; the client connects
/// again and names the last event that it saw, so that it misses none.
enum EventsEndpoint {
  static let get: Route.Serve = { context throws(APIError) in
    let query = try EventsQuery(context)
    let service = context.service
    if query.namesRequests, service.journalFeed == nil { throw .journalIsOff }
    guard context.method != "HEAD" else { return .respond(Response(headers: headers)) }
    guard query.topics.contains(.requests), let feed = service.journalFeed else {
      return .respond(response(EventStream(service, figures: true), opening: EventText.opening(after: nil)))
    }
    return try context.after(feed.journal.entries(JournalFilter(), since: nil, limit: 0)) { context, page throws(APIError) in
      let start = query.start(in: page)
      let place = JournalPlace(start, in: feed, next: page.next)
      let stream = EventStream(context.service, journal: place, figures: query.topics.contains(.figures))
      return .respond(response(stream, opening: EventText.opening(after: start)))
    }
  }

  private static func response(_ stream: EventStream, opening: [UInt8]) -> Response {
    var response = Response(headers: headers, body: opening)
    response.stream = OpenStream(news: stream.news) { APIError.tooManyStreams.response }
    return response
  }

  private static let headers: [Response.Header] = [
    ("Content-Type", ImageStream.mediaType), ("Cache-Control", "no-store"),
    // Tells an nginx in front of the site's own not to wait for more.
    ("X-Accel-Buffering", "no"),
  ]
}

extension APIError {
  fileprivate static let tooManyStreams = APIError(
    503, "Too many streams of events are open at this worker. Close those that nobody reads, or try again later.", type: .unavailable,
    code: "too_many_streams", retryAfter: .seconds(5))
}
