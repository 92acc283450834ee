import FastCGI
import ImageGeneration
import JSON
import Journal
import Limits
import Simulation
import SystemCalls

/// One request and its answer, as the journal keeps them.
struct JournalRecord {
  /// Without its body.
  let request: Request
  let body: JournalBody
  let response: Response
  /// When the request came, in nanoseconds since 1970.
  let arrival: Int64
  /// Until the answer may be sent.
  let latency: Duration
  let workerName: String

  private typealias Member = (key: String, value: JSONText)

  /// What it can be found by, and the JSON object.
  var entry: (facts: [JournalField: String], text: String) {
    let parameters = parameters
    let facts: [JournalField: String] = [
      .method: request.method, .path: request.path, .status: String(response.status), .model: parameters?.string("model") ?? "",
      .key: key ?? "", .fault: response.header("X-FakeAI-Fault") ?? "",
    ]
    let text = text(body: parameters.map { ("parameters", $0.json) } ?? bodySummary)
    // Parameters of many strange characters take more room than there is.
    return (facts, text.utf8.count <= Journal.longestEntry ? text : self.text(body: bodySummary))
  }

  private func text(body: Member?) -> String {
    let members: [Member?] = [
      ("time", .string(UniversalTime.iso8601(arrival))), ("request_id", string(response.header("x-request-id"))),
      ("method", .string(cut(request.method))), ("path", .string(cut(request.path))),
      request.query.isEmpty ? nil : ("query", .string(cut(request.query))), ("key", string(key)),
      ("retry_count", request.header("x-stainless-retry-count").flatMap { Int($0) }.map(JSONText.integer) ?? .null), body,
      ("status", .integer(response.status)), ("latency_ms", .decimal((latency / .microseconds(1)).rounded() / 1000)),
      ("worker", .string(workerName)), ("fault", string(response.header("X-FakeAI-Fault"))),
      ("rule", string(response.header("X-FakeAI-Rule"))), ("images", .array(response.imageIDs.map { .string(String($0)) })),
    ]
    return JSONText.object(members.compactMap { $0 }).compact
  }

  private var key: String? { request.apiKey.flatMap { Keyring.lastFour(of: $0) } }

  /// The members of a short JSON body or a form's fields; nil for another one.
  private var parameters: JournalValue? {
    switch body {
    case .form(let fields, _, _): return fields
    case .short(let bytes):
      guard let json = try? JSONValue(parsing: bytes), case .object = json else { return nil }
      return JournalValue(json)
    case .long, .none: return nil
    }
  }

  /// A body by what it is told from others by.
  private var bodySummary: Member? {
    guard let (count, checksum) = body.digest else { return nil }
    return (
      "body",
      .object([
        ("content_type", string(request.contentType)), ("bytes", .integer(count)),
        ("crc32", .string(JournalValue.digits(checksum))),
      ])
    )
  }

  private func string(_ text: String?) -> JSONText { text.map { .string(cut($0)) } ?? .null }

  private func cut(_ text: String) -> String { text.utf8.count <= 200 ? text : String(text.unicodeScalars.prefix(200)) + "…" }
}
