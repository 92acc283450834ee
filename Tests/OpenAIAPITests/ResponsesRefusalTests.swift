import FastCGI
import JSON
import Testing
@testable import OpenAIAPI

/// What the Responses API refuses, and in which words.
@Suite struct ResponsesRefusalTests {
  private static let strict = try! ServiceFixture(configuration: .init(profile: .openAI))

  struct Refusal: Sendable {
    var members: String
    var param: String?
    var code: String?
    var status = 400

    init(_ members: String, _ param: String?, _ code: String?, status: Int = 400) {
      (self.members, self.param, self.code, self.status) = (members, param, code, status)
    }
  }

  /// With a model and an input.
  static let always: [Refusal] = [
    Refusal(#""temperature":3"#, "temperature", "decimal_above_max_value"),
    Refusal(#""temperature":"hot""#, "temperature", "invalid_type"),
    Refusal(#""top_p":-1"#, "top_p", "decimal_below_min_value"),
    Refusal(#""max_output_tokens":0"#, "max_output_tokens", "integer_below_min_value"),
    Refusal(#""stream":"perhaps""#, "stream", "invalid_type"),
    Refusal(#""include":"x""#, "include", "invalid_type"), Refusal(#""include":[1]"#, "include[0]", "invalid_type"),
    Refusal(#""metadata":[]"#, "metadata", "invalid_type"), Refusal(#""metadata":{"a":1}"#, "metadata.a", "invalid_type"),
    Refusal(#""metadata":{"a":"\#(String(repeating: "x", count: 513))"}"#, "metadata.a", "string_above_max_length"),
    Refusal(#""metadata":{"\#(String(repeating: "x", count: 65))":"a"}"#, "metadata", "property_name_above_max_length"),
    Refusal("\"metadata\":{\((0...16).map { "\"\($0)\":\"\"" }.joined(separator: ","))}", "metadata", "object_above_max_properties"),
    Refusal(#""image":{"context_compression":"much"}"#, "image.context_compression", "invalid_value"),
    Refusal(#""previous_response_id":"resp_a","conversation":"conv_b""#, "previous_response_id", "mutually_exclusive_parameters"),
    Refusal(#""background":true,"store":false"#, "background", "invalid_value"),
    Refusal(#""tools":{}"#, "tools", "invalid_type"), Refusal(#""tools":[1]"#, "tools[0]", "invalid_type"),
    Refusal(#""tools":[{}]"#, "tools[0].type", "missing_required_parameter"),
    Refusal(#""tool_choice":"must""#, "tool_choice", "invalid_value"), Refusal(#""tool_choice":"required""#, "tool_choice", nil),
    Refusal(#""tool_choice":{"type":"image_generation"}"#, "tool_choice", nil),
    Refusal(#""input":7"#, "input", "invalid_type"), Refusal(#""input":["x"]"#, "input[0]", "invalid_type"),
    Refusal(#""input":[{}]"#, "input[0].type", "missing_required_parameter"),
    Refusal(#""input":[{"role":"wizard","content":"x"}]"#, "input[0].role", "invalid_value"),
    Refusal(#""input":[{"role":"user"}]"#, "input[0].content", "missing_required_parameter"),
    Refusal(#""input":[{"role":"user","content":[{"text":"x"}]}]"#, "input[0].content[0].type", "missing_required_parameter"),
    Refusal(#""input":[{"role":"user","content":[{"type":"input_text"}]}]"#, "input[0].content[0].text", "missing_required_parameter"),
    Refusal(
      #""input":[{"role":"user","content":[{"type":"input_image"}]}]"#, "input[0].content[0].image_url", "missing_required_parameter"),
    Refusal(
      #""input":[{"role":"user","content":[{"type":"input_image","image_url":"ftp://a"}]}]"#, "input[0].content[0].image_url",
      "invalid_value"),
    Refusal(
      #""input":[{"role":"user","content":[{"type":"input_image","file_id":"\#(String(repeating: "x", count: 65))"}]}]"#,
      "input[0].content[0].file_id", "string_above_max_length"),
    Refusal(
      #""input":[{"role":"user","content":[{"type":"input_image","file_id":"a/b"}]}]"#, "input[0].content[0].file_id", "invalid_value"),
    Refusal(#""input":[{"type":"image_generation_call"}]"#, "input[0].id", "missing_required_parameter"),
  ]

  /// In a tool.
  static let tools: [Refusal] = [
    Refusal(#""size":"10x10""#, "tools[0].size", "invalid_value"), Refusal(#""quality":"best""#, "tools[0].quality", "invalid_value"),
    Refusal(#""partial_images":4"#, "tools[0].partial_images", "integer_above_max_value"),
    Refusal(#""output_compression":101"#, "tools[0].output_compression", "integer_above_max_value"),
    Refusal(#""output_format":"bmp""#, "tools[0].output_format", "invalid_value"),
    Refusal(#""background":"blue""#, "tools[0].background", "invalid_value"),
    Refusal(#""action":"vary""#, "tools[0].action", "invalid_value"),
    Refusal(#""input_fidelity":"middling""#, "tools[0].input_fidelity", "invalid_value"),
    Refusal(#""frame_count":1"#, "tools[0].frame_count", "integer_below_min_value"),
    Refusal(#""svg":{}"#, "tools[0].svg.model", "missing_required_parameter"),
    Refusal(#""input_image_mask":7"#, "tools[0].input_image_mask", "invalid_type"),
  ]

  /// In a tool, where the profile is strict.
  static let strictTools: [Refusal] = [
    Refusal(#""n":2"#, "tools[0].n", "unknown_parameter"), Refusal(#""model":"dall-e-3""#, "tools[0].model", "invalid_value"),
    Refusal(#""model":"gpt-image-2","input_fidelity":"high""#, "tools[0].input_fidelity", "invalid_input_fidelity_model"),
    Refusal(#""output_format":"gif","partial_images":1"#, "tools[0].partial_images", "invalid_value"),
    Refusal(#""frame_count":3"#, "tools[0].frame_count", "invalid_value"),
    Refusal(#""background":"transparent","output_format":"jpeg""#, "tools[0].background", "invalid_value"),
    Refusal(#""action":"edit""#, "tools[0].action", "invalid_value"),
    Refusal(
      #""input_image_mask":{"image_url":"data:image/png;base64,AAAA"}"#, "tools[0].input_image_mask", "invalid_value"),
    Refusal(#""input_image_mask":{"image_url":"https://a.example/"}"#, "tools[0].input_image_mask.image_url", "invalid_value"),
    Refusal(#""input_image_mask":{"url":"x"}"#, "tools[0].input_image_mask.url", "unknown_parameter"),
  ]

  private func check(_ refusal: Refusal, _ body: String, in fixture: ServiceFixture) {
    let response = fixture.respond(body, ["HTTP_AUTHORIZATION": "Bearer sk-1"])
    #expect(response.status == refusal.status, "\(body): \(response.text.prefix(300))")
    #expect(response.json[at: "error", "param"].text == refusal.param, "\(response.text)")
    #expect(response.json[at: "error", "code"].text == refusal.code, "\(response.text)")
  }

  @Test(arguments: always) func `a member that is not valid is refused in every profile`(refusal: Refusal) throws {
    for fixture in [try ServiceFixture(), Self.strict] {
      check(refusal, "{\"model\":\"gpt-5\",\"input\":\"x\",\(refusal.members)}", in: fixture)
    }
  }

  @Test(arguments: tools) func `a member of the tool is named with its place`(refusal: Refusal) throws {
    for fixture in [try ServiceFixture(), Self.strict] { check(refusal, Self.body(refusal.members), in: fixture) }
  }

  @Test func `a tool_choice that there is not is answered with those that there are`() throws {
    let response = try ServiceFixture().respond(#"{"model":"gpt-5","input":"x","tool_choice":"must"}"#)
    for choice in ["none", "auto", "required"] { #expect(response.text.contains("'\(choice)'"), "\(response.text)") }
  }

  @Test(arguments: strictTools) func `only a strict profile refuses what the API refuses`(refusal: Refusal) throws {
    check(refusal, Self.body(refusal.members), in: Self.strict)
  }

  private static func body(_ members: String) -> String {
    "{\"model\":\"gpt-5\",\"input\":\"x\",\"tools\":[{\"type\":\"image_generation\",\(members)}]}"
  }

  @Test(arguments: [
    #""output_format":"png","output_compression":100,"partial_images":0,"size":"auto","quality":"auto","background":"auto","moderation":"auto""#,
    #""input_fidelity":"high""#, #""input_fidelity":null"#, #""output_format":"gif","frame_count":2,"partial_images":0"#,
    #""output_format":"svg","svg":{"model":"gpt-6-astra","reasoning":{"effort":"low"}}"#,
    #""model":"gpt-image-2.5-flare","complexity":"high""#,
  ]) func `what clients send is taken by a strict profile`(members: String) {
    for body in [Self.body(members), Self.body(members).replacing("\"input\":\"x\"", with: "\"input\":\"x\",\"stream\":true")] {
      let response = Self.strict.respond(body, ["HTTP_AUTHORIZATION": "Bearer sk-1"])
      #expect(response.status == 200, "\(response.text.prefix(300))")
    }
  }

  @Test func `a model is required, an image model is none, and so is an input`() {
    let key = ["HTTP_AUTHORIZATION": "Bearer sk-1"]
    #expect(Self.strict.respond(#"{"input":"x"}"#, key).json[at: "error", "param"] == "model")
    #expect(Self.strict.respond(#"{"model":"gpt-image-2","input":"x"}"#, key).json[at: "error", "code"] == "unsupported_model")
    #expect(Self.strict.respond(#"{"model":"gpt-5"}"#, key).json[at: "error", "code"] == "missing_required_parameter")
    #expect(Self.strict.respond(#"{"model":"gpt-5","input":"x"}"#).status == 401)
  }

  @Test func `a picture that is none is refused by a strict profile, and left out by another`() throws {
    let body =
      #"{"model":"gpt-5","input":[{"role":"user","content":[{"type":"input_text","text":"x"},{"type":"input_image","image_url":"data:image/png;base64,AAAA"}]}],"tools":[{"type":"image_generation"}]}"#
    let refused = Self.strict.respond(body, ["HTTP_AUTHORIZATION": "Bearer sk-1"])
    #expect(refused.status == 400 && refused.json[at: "error", "code"] == "invalid_image_file")
    let taken = try ServiceFixture().respond(body)
    #expect(taken.status == 200 && taken.header("X-FakeAI-Ignored")?.hasPrefix("image 1") == true)
  }

  @Test func `with invented objects, every id is known and nothing is required`() throws {
    let fixture = try ServiceFixture(configuration: .init(inventsUnknownIDs: true))
    let path = "/v1/responses/resp_677efb5139a88190b512bc3fef8e535d"
    #expect(fixture.fetch(path).json[at: "status"] == "completed" && fixture.post(path + "/cancel").status == 200)
    #expect(fixture.get(path, method: "DELETE").json[at: "deleted"] == .boolean(true))
    #expect(fixture.fetch("/v1/responses/response_id/input_items").json[at: "data"] == .array([]))
    #expect(fixture.fetch(path, query: "stream=true").events.last?[at: "type"] == "response.completed")
    #expect(fixture.respond("{}").status == 200 && fixture.respond(#"{"stream":true}"#).status == 200)
    #expect(fixture.respond(#"{"previous_response_id":"a","conversation":"b"}"#).status == 200)
  }
}
