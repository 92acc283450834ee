import Glibc
import Limits
import Redis
import RedisTesting
import SystemCalls
import Testing

@testable import FastCGI
@testable import OpenAIAPI

/// Limits, rules and a journal that answer later, from another thread.
@Suite(.timeLimit(.minutes(5))) struct DeferredStateTests {
  private static let lake = #"{"prompt":"A lake","size":"256x256","response_format":"b64_json"}"#
  private static let second = #"[{"match":{"model":"dall-e-2"},"when":{"every":2},"then":{"fault":"billing"}}]"#

  /// Method, path, query and body of requests, whose responses depend on those before them.
  private static let requests: [(method: String, path: String, query: String, body: String)] = [
    ("GET", "/v1/models/dall-e-3", "", ""), ("POST", "/v1/images/generations", "", lake),
    ("POST", "/v1/images/generations", "", "{"), ("POST", "/v1/images/generations", "", #"{"prompt":"A","n":6,"model":"dall-e-2"}"#),
    ("PUT", "/_fakeai/rules", "", second), ("PUT", "/_fakeai/rules", "", "["), ("GET", "/_fakeai/rules", "", ""),
    ("POST", "/v1/images/generations", "", #"{"prompt":"A","size":"256x256","model":"dall-e-2","response_format":"b64_json"}"#),
    ("POST", "/v1/images/generations", "", #"{"prompt":"A","size":"256x256","model":"dall-e-2","response_format":"b64_json"}"#),
    ("POST", "/v1/images/generations", "", #"{"prompt":"A","n":3}"#),
    ("PUT", "/_fakeai/rules", "session=a", #"[{"match":{"route":"/v1/models*"},"then":{"fault":"server_error"}}]"#),
    ("GET", "/v1/models", "", ""), ("GET", "/images/00000000-0000-8000-8000-000000000000.png", "", ""), ("GET", "/nowhere", "", ""),
    ("GET", "/_fakeai/requests", "count=9", ""), ("GET", "/_fakeai/requests", "status=400&wait=1&limit=1", ""),
    ("GET", "/_fakeai/requests", "limit=0", ""), ("DELETE", "/_fakeai/requests", "status=200", ""),
    ("POST", "/_fakeai/reset", "session=a", ""), ("POST", "/_fakeai/reset", "", ""), ("GET", "/v1/models/dall-e-2", "", ""),
  ]

  private static func answers(isDeferred: Bool = false, redis: RedisClient? = nil) throws -> [String] {
    let fixture = try ServiceFixture(
      limits: [.requests: 10, .images: 5], isDeferred: isDeferred, redis: redis, timestamp: "2026-01-01 00:00:00")
    return requests.map { request in
      let variables = ["CONTENT_TYPE": "application/json", "REQUEST_ID": String(repeating: "0", count: 32)]
      let response = fixture.send(
        Request(
          method: request.method, path: request.path, query: request.query, variables: CGIParameters(variables),
          body: .whole(Array(request.body.utf8))))
      let headers = response.headers.filter { !["openai-processing-ms", "Content-Length"].contains($0.name) }
      let text = response.text.replacing(/"(time|latency_ms)": ?("[^"]*"|[0-9.]*)/, with: "")
      return "\(request) \(response.status) \(headers) \(text)"
    }
  }

  @Test func `every response is the same as if the answers were there at once`() throws {
    let usual = try Self.answers()
    for others in [try Self.answers(isDeferred: true), try Self.answers(redis: SharedServers.client())] {
      for (one, other) in zip(usual, others) { #expect(one == other) }
    }
  }

  @Test func `a request waits for the limits, and again for the rules`() throws {
    let fixture = try ServiceFixture(isDeferred: true)
    let reply = fixture.reply(Self.lake)
    guard case .wait(let first) = reply.action, case .completion(let start) = first.source else {
      Issue.record("it does not wait for the limits")
      return
    }
    let queue = try CompletionQueue()
    start(Completion(connection: ConnectionID(descriptor: -1, generation: 0), request: 1, queue: queue))
    while queue.count == 0, .now < first.deadline { usleep(500) }
    try #require(queue.count > 0, "the limits do not answer")
    guard case .wait = queue.takeAll()[0].reply.action else {
      Issue.record("it does not wait for the rules")
      return
    }
  }

  @Test func `a request whose limits never answer is refused, and recorded`() throws {
    let fixture = try ServiceFixture(isDeferred: true)
    let reply = fixture.reply(Self.lake)
    guard case .wait(let pending) = reply.action else {
      Issue.record("it does not wait")
      return
    }
    let refused = Reply(pending.onTimeout(), finish: reply.finish).run()
    #expect(refused.status == 503 && refused.header("Retry-After") == "1" && refused.header("x-request-id") != nil)
    #expect(refused.text.contains(#""code": "shared_state_unavailable""#))
    while !fixture.get("/_fakeai/requests").text.contains(#""status":503"#) { usleep(500) }
  }

  @Test func `without the shared state, what needs it is refused, and what does not goes on`() throws {
    let fixture = try ServiceFixture(isDeferred: false, isUnavailable: true)
    for response in [
      fixture.generate(Self.lake), fixture.get("/_fakeai/requests"), fixture.get("/_fakeai/requests", method: "DELETE"),
      fixture.get("/_fakeai/reset", method: "POST"),
      fixture.send(Request(method: "PUT", path: "/_fakeai/rules", body: .whole(Array("[]".utf8)))),
    ] {
      #expect(response.status == 503 && response.header("Retry-After") == "1")
      #expect(response.text.contains("The state that all hosts share is unavailable: no server."))
    }
    let models = fixture.get("/v1/models")
    #expect(models.status == 200 && models.header("x-ratelimit-limit-requests") == nil)
    #expect(fixture.get("/images/00000000-0000-8000-8000-000000000000.png").status == 404)
    #expect(fixture.get("/metrics").text.contains("fakeai_requests_unrecorded_total 2\n"))
  }
}
