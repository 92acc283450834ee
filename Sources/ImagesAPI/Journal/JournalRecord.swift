import FastCGI
import FoundationEssentials
import ImageGeneration
import Staging
import SystemCalls

/// One request and its answer, as the journal keeps them.
struct JournalRecord {
  let request: Request
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

  /// The members of a JSON body or the fields of a form; nil for another one, and for JSON that is longer than any prompt makes it.
  private var parameters: JournalValue? {
    guard case .whole(let bytes) = request.body else { return nil }
    if let form = JournalValue(form: bytes, contentType: request.header("Content-Type")) { return form }
    guard bytes.first == UInt8(ascii: "{"), bytes.count <= Self.longestBody else { return nil }
    return try? JSONDecoder().decode(JournalValue.self, from: Data(bytes))
  }

  private static let longestBody = 256 << 10

  /// A body by what it is told from others by.
  private var bodySummary: Member? {
    guard case .whole(let bytes) = request.body, !bytes.isEmpty else { return nil }
    return (
      "body",
      .object([
        ("content_type", string(request.header("Content-Type"))), ("bytes", .integer(bytes.count)),
        ("crc32", .string(JournalValue.checksum(bytes))),
      ])
    )
  }

  private func string(_ text: String?) -> JSONText { text.map { .string(cut($0)) } ?? .null }

  private func cut(_ text: String) -> String { text.utf8.count <= 200 ? text : String(text.unicodeScalars.prefix(200)) + "…" }
}
