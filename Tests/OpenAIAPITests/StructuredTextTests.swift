import FastCGI
import JSON
import Testing
@testable import OpenAIAPI

/// The text of a response in the form that `text.format` asks for.
@Suite struct StructuredTextTests {
  private let fixture = try! ServiceFixture()

  private static func body(_ format: String, _ members: String = "") -> String {
    #"{"model":"gpt-5","input":"A lake","text":{"format":\#(format)}\#(members)}"#
  }

  private static let caption =
    #"{"type":"json_schema","name":"Caption","strict":true,"schema":{"type":"object","properties":{"caption":{"type":"string","maxLength":4},"tags":{"type":"array","items":{"enum":["a","b"]}}},"required":["caption","tags"],"additionalProperties":false}}"#
  private static let impossible = #"{"type":"json_schema","name":"Code","schema":{"type":"string","pattern":"^a$"}}"#
  private static let tool = #","tools":[{"type":"image_generation","size":"256x256"}]"#

  private func part(_ response: JSONValue) -> JSONValue { response[at: "output"].elements?.last?[at: "content", 0] ?? .null }

  @Test func `a text fits the schema, beside an image too, and stays with the response`() throws {
    for members in ["", Self.tool] {
      let response = fixture.respond(Self.body(Self.caption, members))
      #expect(response.status == 200, "\(response.text)")
      let start = members.isEmpty ? "This" : "Here"
      #expect(part(response.json)[at: "text"].text == #"{"caption":"\#(start)","tags":["a"]}"#)
      #expect(response.json[at: "text", "format", "name"] == "Caption" && response.json[at: "text", "verbosity"] == "medium")
      let id = try #require(response.json[at: "id"].text)
      #expect(fixture.fetch("/v1/responses/\(id)").json == response.json)
    }
  }

  @Test func `any object has the text as a member, and a plain text stays one`() {
    let text = part(fixture.respond(Self.body(#"{"type":"text"}"#)).json)[at: "text"]
    #expect(text.text?.hasPrefix("This is fakeai-images") == true)
    #expect(part(fixture.respond(Self.body("null")).json)[at: "text"] == text)
    let object = part(fixture.respond(Self.body(#"{"type":"json_object"}"#)).json)[at: "text"].text ?? ""
    #expect((try? JSONValue(parsing: Array(object.utf8)))?[at: "text"] == text)
  }

  @Test func `a stream sends the text in pieces`() {
    let events = fixture.respond(Self.body(Self.caption, #","stream":true"#)).events
    let text = #"{"caption":"This","tags":["a"]}"#
    #expect(events.filter { $0[at: "type"] == "response.output_text.delta" }.compactMap { $0[at: "delta"].text }.joined() == text)
    #expect(events.first { $0[at: "type"] == "response.output_text.done" }?[at: "text"].text == text)
  }

  @Test func `a schema for which there is no text gets a refusal that names the place`() throws {
    let response = fixture.respond(Self.body(Self.impossible, Self.tool)).json
    let refusal = "The mock fakeai-images cannot write JSON for the schema 'Code': 'pattern' is not supported."
    #expect(response[at: "status"] == "completed" && response[at: "output", 0, "result"].text != nil)
    #expect(part(response) == (try JSONValue(parsing: Array(#"{"type":"refusal","refusal":"\#(refusal)"}"#.utf8))))
    let stored = fixture.fetch("/v1/responses/\(try #require(response[at: "id"].text))").json
    #expect(part(stored) == part(response))
    let events = fixture.respond(Self.body(Self.impossible, #","stream":true"#)).events
    #expect(events.filter { $0[at: "type"] == "response.refusal.delta" }.compactMap { $0[at: "delta"].text }.joined() == refusal)
    #expect(events.first { $0[at: "type"] == "response.refusal.done" }?[at: "refusal"].text == refusal)
    #expect(events.first { $0[at: "type"] == "response.content_part.added" }?[at: "part", "refusal"] == "")
    #expect(!events.contains { $0[at: "type"].text?.hasPrefix("response.output_text") == true })
    #expect(events.compactMap { $0[at: "sequence_number"].integer } == Array(events.indices))
  }

  @Test(arguments: [
    ("7", "text.format", "invalid_type"), ("{}", "text.format.type", "missing_required_parameter"),
    (#"{"type":"grammar"}"#, "text.format.type", "invalid_value"),
    (#"{"type":"json_schema","schema":{}}"#, "text.format.name", "missing_required_parameter"),
    (#"{"type":"json_schema","name":"a b","schema":{}}"#, "text.format.name", "invalid_value"),
    (#"{"type":"json_schema","name":"\#(String(repeating: "a", count: 65))","schema":{}}"#, "text.format.name", "string_above_max_length"),
    (#"{"type":"json_schema","name":"a"}"#, "text.format.schema", "missing_required_parameter"),
    (#"{"type":"json_schema","name":"a","schema":true}"#, "text.format.schema", "invalid_type"),
  ]) func `a format that is none is refused`(format: String, param: String, code: String) {
    let refused = fixture.respond(Self.body(format))
    #expect(refused.status == 400 && refused.json[at: "error", "param"].text == param, "\(refused.text)")
    #expect(refused.json[at: "error", "code"].text == code)
  }
}
