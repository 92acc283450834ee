import Answers
import FastCGI
import JSON
import Journal
import Limits
import Metrics
import SystemCalls

extension APIService {
  /// Records a request and its response: those of the API and those of unknown paths, which reveal a client with a wrong base URL.
  ///
  /// - Parameter latency: the time from the request's arrival until now.
  func record(_ context: RequestContext, _ response: Response, _ latency: Duration) {
    guard context.isRecorded, let journal else { return }
    let record = JournalRecord(
      context: context, response: response, arrival: clock.now() - Int64(latency / .nanoseconds(1)), latency: latency)
    let (facts, text) = record.entry
    switch journal.add(text, facts: facts) {
    case .ready(let result): if case .failure = result { scoreboard.count(.unrecorded) }
    case .pending(let start): start { [self] result in if case .failure = result { scoreboard.count(.unrecorded) } }
    }
  }
}

extension RequestContext {
  /// Images and health are fetched far more often than anything else, and would displace all other entries. The description is no request for the
  /// subject of a test.
  var isRecorded: Bool {
    guard service.isRecording, surface != .own, surface != .images else { return false }
    return surface == .api || !Self.unrecorded.contains { path.hasPrefix($0) }
  }

  private static let unrecorded = ["/healthz", "/readyz", OpenAPIEndpoint.path]
}

/// One request and its response, as the journal keeps them.
struct JournalRecord {
  let context: RequestContext
  let response: Response
  /// When the request arrived, in nanoseconds since 1970.
  let arrival: Int64
  /// Time until the response was sent.
  let latency: Duration
  private let session: String?
  /// The part of the key that is shown.
  private let key: String?
  private let fault: String?

  init(context: RequestContext, response: Response, arrival: Int64, latency: Duration) {
    (self.context, self.response, self.arrival, self.latency) = (context, response, arrival, latency)
    session = (try? context.session()).flatMap { $0.isEmpty ? nil : $0 }
    key = context.key.flatMap { Keyring.lastFour(of: $0) }
    fault = response.header("X-FakeAI-Fault")
  }

  /// The searchable facts, and the JSON object.
  var entry: (facts: JournalFacts, text: String) {
    let body = context.journalBody
    let text = text(body: body.parameters.map { ("parameters", .verbatim($0.json)) } ?? bodySummary)
    // Parameters with many characters that need escapes may exceed the size of an entry.
    return (facts, text.utf8.count <= Journal.longestEntry ? text : self.text(body: bodySummary))
  }

  private var facts: JournalFacts {
    JournalFacts { field in
      switch field {
      case .method: context.request.method
      case .path: context.request.path
      case .status: String(response.status)
      case .model: context.journalBody.parameters?.model ?? ""
      case .key: key ?? ""
      case .fault: fault ?? ""
      case .session: session ?? ""
      }
    }
  }

  private func text(body: JSONMember?) -> String {
    let request = context.request
    let members: [JSONMember?] = [
      ("time", .string(UniversalTime.iso8601(arrival))), ("request_id", string(response.header("x-request-id"))),
      ("method", .string(cut(request.method))), ("path", .string(cut(request.path))),
      request.query.isEmpty ? nil : ("query", .string(cut(request.query))), ("key", string(key)),
      ("session", string(session)),
      ("retry_count", request.header("x-stainless-retry-count").flatMap { Int($0) }.map(JSONText.integer) ?? .null), body,
      ("status", .integer(response.status)), ("latency_ms", .decimal((latency / .microseconds(1)).rounded() / 1000)),
      ("worker", .string(context.service.configuration.workerName)), ("fault", string(fault)),
      ("rule", string(response.header("X-FakeAI-Rule"))), response.header(Response.ignoredHeader).map { ("ignored", string($0)) },
      ("images", .array(response.imageIDs.map { .string(String($0)) })),
      ("image_format", string(response.header(Response.imageFormatHeader))), ("bytes", .integer(response.length)),
    ]
    var present: [JSONMember] = []
    present.reserveCapacity(members.count)
    for case let member? in members { present.append(member) }
    return JSONText.object(present).compact
  }

  /// Length and checksum of the body.
  private var bodySummary: JSONMember? {
    guard let (count, checksum) = context.journalBody.digest else { return nil }
    return (
      "body",
      .object([
        ("content_type", string(context.request.contentType)), ("bytes", .integer(count)),
        ("crc32", .string(JournalValue.digits(checksum))),
      ])
    )
  }

  private func string(_ text: String?) -> JSONText { text.map { .string(cut($0)) } ?? .null }

  private func cut(_ text: String) -> String { text.utf8.count <= 200 ? text : String(text.unicodeScalars.prefix(200)) + "…" }
}

extension Response {
  /// The IDs of the new images that can be fetched.
  var imageIDs: [Substring] { header(Self.imagesHeader)?.utf8.split(separator: UInt8(ascii: ",")).map { Substring($0) } ?? [] }
}
