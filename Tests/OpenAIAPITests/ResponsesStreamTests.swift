import FastCGI
import JSON
import SystemCalls
import Testing
@testable import OpenAIAPI

/// Streams of the Responses API, live and read again.
@Suite struct ResponsesStreamTests {
  private let fixture = try! ServiceFixture()

  private static func body(_ members: String = "", _ tool: String = "", prompt: String = "A lake") -> String {
    #"{"model":"gpt-5","input":"\#(prompt)","stream":true,"tools":[{"type":"image_generation","size":"256x256"\#(tool)}]\#(members)}"#
  }

  private static let opening = ["response.created", "response.in_progress"]
  private static let call = [
    "response.output_item.added", "response.image_generation_call.in_progress", "response.image_generation_call.generating",
  ]
  private static let partial = "response.image_generation_call.partial_image"
  private static let called = ["response.image_generation_call.completed", "response.output_item.done"]

  private static func message(_ events: [JSONValue]) -> [String] {
    ["response.output_item.added", "response.content_part.added"]
      + events.compactMap { $0[at: "type"].text }.filter { $0 == "response.output_text.delta" }
      + ["response.output_text.done", "response.content_part.done", "response.output_item.done"]
  }

  @Test(arguments: [true, false]) func `events come in the API's order, numbered without gaps`(isStored: Bool) {
    let response = fixture.respond(Self.body(",\"store\":\(isStored)", #","partial_images":2"#))
    #expect(response.header("Content-Type") == "text/event-stream" && response.header("Content-Length") == nil)
    let events = response.events
    let expected =
      Self.opening + Self.call + [Self.partial, Self.partial] + Self.called + Self.message(events) + ["response.completed"]
    #expect(events.compactMap { $0[at: "type"].text } == expected)
    #expect(events.compactMap { $0[at: "sequence_number"].integer } == Array(events.indices))
    #expect(events[0][at: "response", "status"] == "in_progress" && events[0][at: "response", "output"] == .array([]))
    #expect(events[2][at: "item", "result"] == .null && events[2][at: "item", "status"] == "in_progress")
    let (done, completed) = (events[8][at: "item"], events[events.count - 1][at: "response"])
    #expect(done[at: "status"] == "completed" && done[at: "result"].text?.hasPrefix("iVBORw0KGgo") == true)
    #expect(completed[at: "output", 0] == done && completed[at: "status"] == "completed" && completed[at: "usage"] != .null)
    #expect(events[5][at: "partial_image_b64"].text?.hasPrefix("iVBORw0KGgo") == true && events[5][at: "size"] == "256x256")
    #expect(events[5][at: "partial_image_b64"] != events[6][at: "partial_image_b64"])
    let text = events.compactMap { $0[at: "delta"].text }.joined()
    #expect(text == completed[at: "output", 1, "content", 0, "text"].text && !text.isEmpty)
  }

  @Test func `two calls come one after the other`() {
    let events = fixture.respond(Self.body(prompt: "A lake [[fakeai calls=2]]")).events
    let expected = Self.opening + Self.call + Self.called + Self.call + Self.called + Self.message(events) + ["response.completed"]
    #expect(events.compactMap { $0[at: "type"].text } == expected)
    #expect(events.compactMap { $0[at: "sequence_number"].integer } == Array(events.indices))
    let done = events.filter { $0[at: "type"] == "response.output_item.done" }
    #expect(done.map { $0[at: "output_index"].integer } == [0, 1, 2])
    #expect(done.map { $0[at: "item"] } == events[events.count - 1][at: "response", "output"].elements)
  }

  @Test func `a stream can be read again, with the same bytes, and resumed after any event`() throws {
    let response = fixture.respond(Self.body("", #","partial_images":1"#))
    let live = response.parts.map(\.text).joined()
    let id = try #require(response.events[0][at: "response", "id"].text)
    let again = fixture.fetch("/v1/responses/\(id)", query: "stream=true")
    #expect(again.header("Content-Type") == "text/event-stream")
    #expect(again.parts.map(\.text).joined() == live)
    let all = response.events
    for number in all.indices {
      let rest = fixture.fetch("/v1/responses/\(id)", query: "starting_after=\(number)&stream=true").events
      #expect(rest == Array(all[(number + 1)...]))
    }
    #expect(fixture.fetch("/v1/responses/\(id)").json == all[all.count - 1][at: "response"])
  }

  @Test func `the parts are spread over the latency, and the message comes with the end`() throws {
    let response = fixture.respond(Self.body("", #","partial_images":3"#), ["HTTP_X_FAKEAI_LATENCY": "8s"])
    let parts = response.parts
    let start = try #require(parts[0].due)
    #expect(parts.map { $0.due.map { ($0 - start) / .seconds(1) } } == [0, 2, 4, 6, 8, 8, 8])
  }

  @Test func `pieces are padded unless the client wants them bare`() {
    #expect(fixture.respond(Self.body()).events.contains { $0[at: "obfuscation"].text != nil })
    let bare = fixture.respond(Self.body(#","stream_options":{"include_obfuscation":false}"#)).events
    #expect(bare.allSatisfy { $0[at: "obfuscation"] == .null })
  }

  @Test(arguments: [
    ("response_failed", "response.failed", 4), ("response_incomplete", "response.incomplete", 4), ("error_event", "error", 4),
    ("nested_error_event", "error", 4), ("generation_failed", "error", 4),
  ]) func `a fault ends the stream after its partial images`(fault: String, type: String, count: Int) {
    let response = fixture.respond(Self.body("", #","partial_images":1"#), ["HTTP_X_FAKEAI_FAULT": fault])
    #expect(response.status == 200 && response.header("X-FakeAI-Fault") == fault)
    let events = response.events
    #expect(events.compactMap { $0[at: "type"].text } == Self.opening + Self.call + [Self.partial, type])
    let last = events[events.count - 1]
    #expect(last[at: "sequence_number"].integer == events.count - 1)
    switch fault {
    case "response_failed": #expect(last[at: "response", "status"] == "failed" && last[at: "response", "error", "code"] == "server_error")
    case "response_incomplete": #expect(last[at: "response", "incomplete_details", "reason"] == "content_filter")
    case "error_event": #expect(last[at: "code"] == "server_error" && last[at: "error"] == .null)
    default: #expect(last[at: "error", "code"] == "image_generation_failed" && last[at: "code"] == .null)
    }
  }

  @Test func `an empty response has its image only in the finished item`() {
    let events = fixture.respond(Self.body(), ["HTTP_X_FAKEAI_FAULT": "empty_response"]).events
    #expect(events[events.count - 1][at: "response", "output"] == .array([]))
    #expect(events.contains { $0[at: "item", "result"].text != nil })
  }

  @Test(arguments: ["failed_call", "moderation stage=output"]) func `a failed call is told of in a completed response`(fault: String) {
    for body in [Self.body(), Self.body().replacing("\"stream\":true", with: "\"stream\":false")] {
      let response = fixture.respond(body, ["HTTP_X_FAKEAI_FAULT": fault])
      let result = response.isStream ? response.events.last?[at: "response"] ?? .null : response.json
      let call = result[at: "output", 0]
      #expect(result[at: "status"] == "completed" && call[at: "status"] == "failed" && call[at: "result"] == .null)
      #expect(call[at: "error", "code"] == (fault == "failed_call" ? "image_generation_failed" : "moderation_blocked"))
      #expect(result[at: "output", 1, "type"] == "message")
    }
  }

  @Test func `only the blocked call of several fails`() {
    let body = Self.body(prompt: "A lake [[fakeai moderation image=2 calls=3]]")
    let output = fixture.respond(body).events.last?[at: "response", "output"].elements ?? []
    #expect(output.map { $0[at: "status"].text } == ["completed", "failed", "completed", "completed"])
  }

  @Test(arguments: [("error_event", 500), ("generation_failed", 500), ("moderation", 400), ("rate_limit", 429), ("response_failed", 200)])
  func `without a stream, a fault has a status`(fault: String, status: Int) {
    let response = fixture.respond(ResponsesTests.lake, ["HTTP_X_FAKEAI_FAULT": fault])
    #expect(response.status == status && response.header("X-FakeAI-Fault") == fault)
  }

  @Test func `a fault of this API does not apply to the other one`() {
    let response = fixture.generate(#"{"prompt":"a","size":"256x256"}"#, ["HTTP_X_FAKEAI_FAULT": "response_failed"])
    #expect(response.status == 200 && response.header("X-FakeAI-Fault") == nil)
  }

  @Test func `a store that answers later makes the same response`() throws {
    let deferred = try ServiceFixture(isDeferred: true)
    let events = deferred.respond(Self.body("", #","partial_images":1"#)).events
    #expect(events.last?[at: "response", "output", 0, "result"].text?.hasPrefix("iVBORw0KGgo") == true)
    #expect(deferred.respond(ResponsesTests.lake).json[at: "output", 0, "result"].text?.hasPrefix("iVBORw0KGgo") == true)
  }
}
