import FastCGI
import FoundationEssentials
import JSON
import Testing
@testable import OpenAIAPI

/// POST /v1/responses, answered at once.
@Suite struct ResponsesTests {
  private let fixture = try! ServiceFixture()

  static let lake = #"{"model":"gpt-5","input":"A lake","tools":[{"type":"image_generation","size":"256x256"}]}"#

  @Test func `a response has the image, a message and the tokens of both models`() throws {
    let response = fixture.respond(Self.lake)
    #expect(response.status == 200 && response.header("Content-Type") == "application/json")
    let json = response.json
    #expect(json[at: "id"].text?.wholeMatch(of: /resp_[0-9a-f]{48}/) != nil && json[at: "object"] == "response")
    #expect(json[at: "status"] == "completed" && json[at: "model"] == "gpt-5-2025-08-07")
    #expect(json[at: "created_at"].integer == 1_795_348_800 && json[at: "completed_at"].integer == 1_795_348_800)
    let call = json[at: "output", 0]
    #expect(call[at: "id"].text?.wholeMatch(of: /ig_[0-9a-f]{50}/) != nil && call[at: "type"] == "image_generation_call")
    #expect(call[at: "status"] == "completed" && call[at: "action"] == "generate" && call[at: "size"] == "256x256")
    #expect(call[at: "quality"] == "medium" && call[at: "output_format"] == "png" && call[at: "background"] == "opaque")
    #expect(call[at: "result"].text?.hasPrefix("iVBORw0KGgo") == true && call[at: "revised_prompt"] == "A lake")
    let message = json[at: "output", 1]
    #expect(message[at: "type"] == "message" && message[at: "role"] == "assistant" && message[at: "status"] == "completed")
    #expect(message[at: "content", 0, "type"] == "output_text" && message[at: "content", 0, "text"].text?.contains("mock") == true)
    #expect(json[at: "usage", "input_tokens"].integer == 2 && json[at: "usage", "input_tokens_details", "cache_write_tokens"].integer == 0)
    #expect(json[at: "tool_usage", "image_gen", "output_tokens"].integer ?? 0 > 0)
  }

  @Test func `the tool is shown with the values that it had`() {
    let json = fixture.respond(Self.lake).json
    let tool = json[at: "tools", 0]
    #expect(tool[at: "type"] == "image_generation" && tool[at: "size"] == "256x256" && tool[at: "n"].integer == 1)
    for name in ["background", "moderation", "quality"] { #expect(tool[name] == "auto") }
    #expect(tool[at: "output_compression"].integer == 100 && tool[at: "output_format"] == "png")
    #expect(json[at: "tool_choice"] == "auto" && json[at: "parallel_tool_calls"] == .boolean(true))
    #expect(json[at: "metadata"] == .object(.empty))
    #expect(json[at: "text", "format", "type"] == "text" && json[at: "reasoning", "effort"] == .null && json[at: "store"] == .boolean(true))
  }

  @Test func `the image of a call is in the store, under the id that the call's begins with`() throws {
    let response = fixture.respond(Self.lake)
    let id = try #require(response.json[at: "output", 0, "id"].text)
    let image = String(id.dropFirst(3).prefix(32))
    #expect(response.header("X-FakeAI-Images") == image)
    let file = fixture.get("/images/\(image).png").body
    #expect(response.json[at: "output", 0, "result"].text == Data(file).base64EncodedString())
  }

  @Test func `a stored response is returned as it was, and deleted with a body`() throws {
    let response = fixture.respond(Self.lake)
    let id = try #require(response.json[at: "id"].text)
    #expect(fixture.fetch("/v1/responses/\(id)").body == response.body)
    let deleted = fixture.get("/v1/responses/\(id)", method: "DELETE").json
    #expect(deleted[at: "id"] == .string(.init(id)) && deleted[at: "object"] == "response" && deleted[at: "deleted"] == .boolean(true))
    let missing = fixture.fetch("/v1/responses/\(id)")
    #expect(missing.status == 404 && missing.text == Response.errorText("Response with id '\(id)' not found."))
    #expect(fixture.get("/v1/responses/\(id)", method: "DELETE").status == 404)
  }

  @Test func `a response that is not to be stored is not`() throws {
    let response = fixture.respond(Self.lake.replacing("\"model\"", with: "\"store\":false,\"model\""))
    #expect(response.status == 200 && response.json[at: "store"] == .boolean(false) && response.header("X-FakeAI-Images") == nil)
    #expect(fixture.fetch("/v1/responses/\(try #require(response.json[at: "id"].text))").status == 404)
    #expect(fixture.get("/_fakeai/stats").text.contains("\"total_images\": 0,"))
  }

  @Test func `a response is forgotten when its image is`() throws {
    let id = try #require(fixture.respond(Self.lake).json[at: "id"].text)
    fixture.wait(seconds: 3601)
    #expect(fixture.fetch("/v1/responses/\(id)").status == 404)
  }

  @Test(arguments: [
    #""tools":[]"#, #""tools":[{"type":"web_search"}]"#, #""tools":[{"type":"image_generation"}],"tool_choice":"none""#,
    #""tools":[{"type":"image_generation"},{"type":"function","name":"f"}],"tool_choice":{"type":"function","name":"f"}"#,
    #""tools":[{"type":"image_generation"}],"tool_choice":{"type":"allowed_tools","mode":"auto","tools":[{"type":"web_search"}]}"#,
    #""instructions":null"#,
  ]) func `without the tool there is only a text, which says so`(members: String) {
    let json = fixture.respond("{\"model\":\"gpt-5\",\"input\":\"Hello\",\(members)}").json
    #expect(json[at: "output"].elements?.count == 1 && json[at: "output", 0, "type"] == "message")
    #expect(json[at: "output", 0, "content", 0, "text"].text?.contains("No image") == true)
  }

  @Test(arguments: [
    #""tool_choice":"required""#, #""tool_choice":{"type":"image_generation"}"#, #""tool_choice":{}"#,
    #""tool_choice":{"type":"allowed_tools","mode":"required","tools":[{"type":"image_generation"}]}"#, #""tool_choice":null"#,
    #""include":[],"metadata":{},"text":{},"reasoning":{},"stream":false,"user":null,"max_output_tokens":null"#,
  ]) func `everything that clients send draws`(members: String) {
    let response = fixture.respond(
      "{\"model\":\"gpt-5\",\"input\":\"Hello\",\"tools\":[{\"type\":\"image_generation\",\"size\":\"256x256\"}],\(members)}")
    #expect(response.json[at: "output", 0, "type"] == "image_generation_call", "\(response.text)")
  }

  @Test func `the prompt is the text of the user's last message, without its directive`() {
    let input = #"""
      [{"role":"user","content":"First"},{"type":"message","role":"assistant","content":"Yes"},
      {"role":"user","content":[{"type":"input_text","text":"Second [[fakeai latency=1ms]]"},{"type":"input_text","text":"line"}]},
      {"role":"system","content":"Please return text."}]
      """#
    let json = fixture.respond(#"{"model":"gpt-5","input":\#(input),"tools":[{"type":"image_generation"}]}"#).json
    #expect(json[at: "output", 0, "revised_prompt"] == "Second line")
  }

  @Test func `a response can have several calls, or none, by a directive, a header or a rule`() {
    let directive = Self.lake.replacing("A lake", with: "A lake [[fakeai calls=3]]")
    let three = fixture.respond(directive)
    #expect(three.json[at: "output"].elements?.count == 4 && three.header("X-FakeAI-Images")?.split(separator: ",").count == 3)
    #expect(Set((0..<3).map { three.json[at: "output", $0, "result"].text }).count == 3)
    #expect(fixture.respond(directive, ["HTTP_X_FAKEAI_FAULT": "calls=0"]).json[at: "output"].elements?.count == 1)
    #expect(fixture.respond(Self.lake, ["HTTP_X_FAKEAI_FAULT": "calls=11"]).status == 400)
    let rules = #"[{"match":{"route":"/v1/responses"},"then":{"calls":2}}]"#
    #expect(fixture.send(Request(method: "PUT", path: "/_fakeai/rules", body: .whole(Array(rules.utf8)))).status == 200)
    #expect(fixture.respond(Self.lake).json[at: "output"].elements?.count == 3)
  }

  @Test func `input tokens are counted without drawing`() {
    let json = fixture.post("/v1/responses/input_tokens", #"{"model":"gpt-5","input":"12345678"}"#).json
    #expect(json[at: "object"] == "response.input_tokens" && json[at: "input_tokens"].integer == 2)
  }

  @Test func `Azure's addresses show the deployment, which a strict profile requires`() throws {
    let strict = try ServiceFixture(configuration: .init(profile: .openAI))
    let key = ["HTTP_API_KEY": "abc", "HTTP_X_MS_OAI_IMAGE_GENERATION_DEPLOYMENT": "gpt-image-2"]
    let body = #"{"model":"gpt-5","input":"A lake","tools":[{"type":"image_generation"}]}"#
    for path in ["/openai/responses", "/openai/v1/responses"] {
      let json = strict.respond(body, key, path: path).json
      #expect(json[at: "tools", 0, "model"] == "gpt-image-2" && json[at: "output", 0, "status"] == "completed")
      #expect(strict.respond(body, ["HTTP_API_KEY": "abc"], path: path).status == 400)
    }
    #expect(strict.respond(body, ["HTTP_API_KEY": "abc"]).status == 200)
  }
}

extension JSONValue: ExpressibleByStringLiteral {
  package init(stringLiteral text: String) { self = .string(JSONString(text)) }
}
