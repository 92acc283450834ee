import FastCGI
import JSON
import Testing
@testable import OpenAIAPI

/// Background responses, which clients poll, resume and cancel.
@Suite struct ResponsesBackgroundTests {
  private let fixture = try! ServiceFixture()

  private static let body =
    #"{"model":"gpt-5","input":"A lake","background":true,"tools":[{"type":"image_generation","size":"256x256"}]}"#
  private static let slow = ["HTTP_X_FAKEAI_LATENCY": "20s"]

  @Test func `a background response is queued, then in progress, then completed`() throws {
    let queued = fixture.respond(Self.body, Self.slow)
    #expect(queued.status == 200 && queued.due == nil && queued.json[at: "status"] == "queued")
    #expect(queued.json[at: "background"] == .boolean(true) && queued.json[at: "output"] == .array([]) && queued.json[at: "usage"] == .null)
    let path = "/v1/responses/" + (try #require(queued.json[at: "id"].text))
    #expect(fixture.fetch(path).json == queued.json)
    fixture.wait(seconds: 5)
    #expect(fixture.fetch(path).json[at: "status"] == "in_progress")
    fixture.wait(seconds: 15)
    let completed = fixture.fetch(path).json
    #expect(completed[at: "status"] == "completed" && completed[at: "output", 0, "result"].text?.hasPrefix("iVBORw0KGgo") == true)
    #expect(completed[at: "completed_at"].integer == 1_795_348_820)
  }

  @Test func `a cancelled response stays cancelled, and cancelling twice is the same`() throws {
    let path = "/v1/responses/" + (try #require(fixture.respond(Self.body, Self.slow).json[at: "id"].text))
    for _ in 0..<2 { #expect(fixture.post(path + "/cancel").json[at: "status"] == "cancelled") }
    fixture.wait(seconds: 30)
    #expect(fixture.fetch(path).json[at: "status"] == "cancelled")
    #expect(fixture.fetch(path, query: "stream=true").events.last?[at: "response", "status"] == "cancelled")
  }

  @Test func `what is completed cannot be cancelled any more, nor what was synchronous`() throws {
    let path = "/v1/responses/" + (try #require(fixture.respond(Self.body, Self.slow).json[at: "id"].text))
    fixture.wait(seconds: 30)
    #expect(fixture.post(path + "/cancel").json[at: "status"] == "completed")
    let other = "/v1/responses/" + (try #require(fixture.respond(ResponsesTests.lake).json[at: "id"].text))
    let refused = fixture.post(other + "/cancel")
    #expect(refused.status == 400 && refused.text == Response.errorText("Cannot cancel a synchronous response."))
    #expect(fixture.post("/v1/responses/resp_x/cancel").status == 404)
  }

  @Test func `a stream of a background response begins in the queue`() {
    let body = Self.body.replacing("\"background\"", with: "\"stream\":true,\"background\"")
    let events = fixture.respond(body).events
    #expect(events.prefix(3).map { $0[at: "type"].text } == ["response.created", "response.queued", "response.in_progress"])
    #expect(events[0][at: "response", "status"] == "queued" && events.last?[at: "type"] == "response.completed")
  }

  @Test func `a live stream ends when its response is cancelled, and sends nothing until then`() throws {
    let body = Self.body.replacing("\"background\"", with: "\"stream\":true,\"background\"")
    let live = fixture.respond(body, Self.slow)
    let id = try #require(live.events.first?[at: "response", "id"].text)
    #expect(live.events.last?[at: "type"] == "response.completed")
    let pauses = live.parts.dropFirst().prefix { $0.body.isEmpty }
    #expect(pauses.count == 19 && pauses.allSatisfy { $0.due != nil })
    #expect(fixture.post("/v1/responses/\(id)/cancel").status == 200)
    // The rest of the stream is made now.
    let events = live.events
    #expect(live.parts.count == 2 && events.last?[at: "type"] == "response.cancelled")
    #expect(events.compactMap { $0[at: "sequence_number"].integer } == Array(events.indices))
    #expect(fixture.fetch("/v1/responses/\(id)", query: "stream=true").events == events)
  }

  @Test func `a fault is the end of a background response`() throws {
    let response = fixture.respond(Self.body, ["HTTP_X_FAKEAI_FAULT": "generation_failed"])
    let json = fixture.fetch("/v1/responses/" + (try #require(response.json[at: "id"].text))).json
    #expect(json[at: "status"] == "failed" && json[at: "error", "code"] == "server_error" && json[at: "usage"] != .null)
  }

  @Test func `nothing can be polled that is not stored`() {
    let refused = fixture.respond(Self.body.replacing("\"background\"", with: "\"store\":false,\"background\""))
    #expect(refused.status == 400 && refused.json[at: "error", "param"] == "background")
  }

  @Test func `webhooks are told of the end of a background response, or that it was cancelled`() throws {
    let server = LoopbackServer()
    let types = #"["response.completed","response.failed","response.cancelled"]"#
    #expect(fixture.post("/v1/webhook_endpoints", #"{"name":"x","url":"\#(server.url)","event_types":\#(types)}"#).status == 200)
    func event(after count: Int) throws -> JSONValue {
      try JSONValue(parsing: Array(try #require(server.wait(for: count).last).body.utf8))
    }
    let completed = fixture.respond(Self.body).json
    #expect(try event(after: 1)[at: "type"] == "response.completed")
    #expect(try event(after: 1)[at: "data", "id"] == completed[at: "id"])
    _ = fixture.respond(Self.body, ["HTTP_X_FAKEAI_FAULT": "response_failed"])
    #expect(try event(after: 2)[at: "type"] == "response.failed")
    let cancelled = try #require(fixture.respond(Self.body, ["HTTP_X_FAKEAI_LATENCY": "300ms"]).json[at: "id"].text)
    #expect(fixture.post("/v1/responses/\(cancelled)/cancel").status == 200)
    #expect(try event(after: 3)[at: "type"] == "response.cancelled")
    // Its end would have been due before that of the next one.
    _ = fixture.respond(Self.body, ["HTTP_X_FAKEAI_LATENCY": "350ms"])
    #expect(try event(after: 4)[at: "type"] == "response.completed")
  }
}
