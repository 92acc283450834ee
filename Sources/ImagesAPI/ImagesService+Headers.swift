import FastCGI
import ImageGeneration
import Journal

extension ImagesService {
  /// Makes an answer one that can be sent, counts it and keeps it in the journal.
  func finish(_ response: inout Response, to request: Request, _ body: JournalBody, since arrival: ContinuousClock.Instant) {
    complete(&response, to: request, since: arrival)
    countAnswer(response, to: request, since: arrival)
    record(request, body, response, since: arrival)
  }

  /// Adds what every answer carries: its length (without which a worker's death in mid-answer would look like a whole one; of a stream it is
  /// not known), whose it is, and the API's own headers.
  func complete(_ response: inout Response, to request: Request, since arrival: ContinuousClock.Instant) {
    let isStream = response.continuation != nil
    if response.header("Content-Length") == nil, !isStream, response.status != 204, response.status != 304 {
      response.add("Content-Length", String(response.body.count))
    }
    response.add("X-FakeAI-Worker", configuration.workerName)
    if Self.isAPI(request.path) {
      addAPIHeaders(to: &response, request, since: arrival)
      addRateLimitHeaders(to: &response, request)
    }
    if Self.isOwn(request.path) {
      response.add("Cross-Origin-Resource-Policy", "same-origin")
      response.add("X-Content-Type-Options", "nosniff")
    }
    if request.method == "HEAD" { response.body = [] }
  }

  /// Whose account every key belongs to.
  static let organization = "org-fakeai"

  private func addAPIHeaders(to response: inout Response, _ request: Request, since arrival: ContinuousClock.Instant) {
    // What the server seems to take counts, for that is what a client sees.
    let taken = (max(.now, response.due ?? .now) - arrival) / .milliseconds(1)
    response.add("openai-organization", Self.organization)
    response.add("openai-processing-ms", String(Int(taken.rounded(.up))))
    response.add("openai-project", "proj_fakeai")
    response.add("openai-version", "2020-10-01")
    response.add("x-request-id", "req_" + Self.requestID(request))
    response.add("x-content-type-options", "nosniff")
    response.add("strict-transport-security", "max-age=31536000; includeSubDomains; preload")
  }

  /// nginx's id of the request where it sent one, so that its log and the client's can be laid side by side.
  private static func requestID(_ request: Request) -> String {
    if let id = request.variables["REQUEST_ID"], id.utf8.count == 32, id.allSatisfy(\.isHexDigit) { return id }
    return randomHexadecimal()
  }

  /// 32 random hexadecimal digits.
  static func randomHexadecimal() -> String {
    let digits = String(UInt128.random(in: 0 ... .max), radix: 16)
    return String(repeating: "0", count: 32 - digits.count) + digits
  }
}
