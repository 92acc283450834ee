import FastCGI
import FoundationEssentials
import JSON
import Testing
@testable import OpenAIAPI

/// POST /v1/responses/compact, and what comes of it in the next turn.
@Suite struct CompactionTests {
  private let fixture = try! ServiceFixture()
  private static let strict = try! ServiceFixture(configuration: .init(profile: .openAI))

  private func compact(_ json: String, _ fixture: ServiceFixture? = nil) -> Response {
    (fixture ?? self.fixture).post("/v1/responses/compact", json, ["HTTP_AUTHORIZATION": "Bearer sk-1"])
  }

  /// The pictures that the last item of the output refers to.
  private func pictures(_ response: Response) throws -> [String] {
    let item = try #require(response.json[at: "output"].elements?.last)
    let content = try #require(item[at: "encrypted_content"].text)
    return try #require(Compaction(content: content)).pictures
  }

  private func output(_ response: Response) -> String { JSONText(response.json[at: "output"]).compact }

  @Test func `the user's messages stay, and one item stands for the rest`() throws {
    let input = #"""
      [{"role":"user","content":"First"},{"role":"assistant","content":"Yes"},{"role":"developer","content":"Be brief"},
      {"type":"message","id":"msg_x","role":"user","content":[{"type":"input_text","text":"Second"}]}]
      """#
    let response = compact(#"{"model":"gpt-5","input":\#(input),"instructions":null}"#)
    #expect(response.status == 200, "\(response.text)")
    let json = response.json
    #expect(json[at: "object"] == "response.compaction" && json[at: "created_at"].integer == 1_795_348_800)
    let id = try #require(json[at: "id"].text)
    #expect(id.wholeMatch(of: /resp_[0-9a-f]{48}/) != nil)
    let output = try #require(json[at: "output"].elements)
    #expect(output.map { $0[at: "type"].text } == ["message", "message", "compaction"])
    #expect(output.map { $0[at: "content", 0, "text"].text } == ["First", "Second", nil])
    #expect(output[0][at: "id"].text == "msg_\(id.dropFirst(5))0000" && output[1][at: "id"] == "msg_x")
    #expect(
      output[0][at: "role"] == "user" && output[0][at: "status"] == "completed" && output[0][at: "content", 0, "type"] == "input_text")
    #expect(output[2][at: "id"].text == "cmp_\(id.dropFirst(5))" && output[2][at: "encrypted_content"] == "fakeai-images")
    // "First", "Yes", "Be brief" and "Second".
    #expect(json[at: "usage", "input_tokens"].integer == 2 + 1 + 2 + 2 && json[at: "usage", "output_tokens"].integer == 4)
  }

  @Test func `a text is one message, and equal conversations are compacted equally`() {
    let body = #"{"model":"gpt-5","input":"A lake","image":{"context_compression":"auto"}}"#
    let (one, other) = (compact(body).json, compact(body).json)
    #expect(one[at: "output", 0, "content", 0, "text"] == "A lake" && one[at: "image", "context_compression"] == "disabled")
    #expect(one[at: "output", 1, "encrypted_content"] == other[at: "output", 1, "encrypted_content"])
    #expect(one[at: "id"] != other[at: "id"])
  }

  @Test func `a compacted conversation goes on with its last picture`() throws {
    let first = fixture.respond(ResponsesTests.lake)
    let (id, call) = (try #require(first.json[at: "id"].text), try #require(first.json[at: "output", 0, "id"].text))
    func next(_ members: String) -> JSONValue {
      fixture.respond("{\"model\":\"gpt-5\",\"tools\":[{\"type\":\"image_generation\",\"size\":\"256x256\"}],\(members)}").json[
        at: "output", 0]
    }
    let expected = next("\"previous_response_id\":\"\(id)\",\"input\":\"Blue\"")
    #expect(expected[at: "action"] == "edit")
    let byID = compact("{\"model\":\"gpt-5\",\"previous_response_id\":\"\(id)\"}")
    let given = #"[{"role":"user","content":"A lake"},{"type":"image_generation_call","id":"\#(call)"}]"#
    let byItems = compact("{\"model\":\"gpt-5\",\"input\":\(given)}")
    for compacted in [byID, byItems] {
      #expect(try pictures(compacted) == [call])
      let items = output(compacted).dropLast() + #",{"role":"user","content":"Blue"}]"#
      let edited = next("\"input\":\(items)")
      #expect(edited[at: "action"] == "edit" && edited[at: "result"] == expected[at: "result"])
    }
    #expect(byID.json[at: "usage", "input_tokens"].integer ?? 0 > 500)
  }

  @Test func `a picture that only the request has is kept for the next turn`() throws {
    let png = Data(fixture.get(fixture.imagePath()).body).base64EncodedString()
    let message =
      #"{"role":"user","content":[{"type":"input_text","text":"Hat"},{"type":"input_image","image_url":"data:image/png;base64,\#(png)"}]}"#
    let compacted = compact("{\"model\":\"gpt-5\",\"input\":[\(message)]}")
    let kept = try pictures(compacted)
    let image = try #require(kept.first.flatMap(CallID.image))
    #expect(kept.count == 1 && fixture.get("/images/\(image).png").status == 200)
    // The message has its picture as well, so that it means the same without the item.
    #expect(compacted.json[at: "output", 0, "content", 1, "image_url"].text?.hasSuffix(png) == true)
  }

  @Test func `a conversation needs a model, an input and an earlier response that exists`() {
    for (body, status, param) in [
      (#"{"input":"x"}"#, 400, "model"), (#"{"model":"gpt-5"}"#, 400, nil),
      (#"{"model":"gpt-5","previous_response_id":"resp_x"}"#, 400, "previous_response_id"),
      (#"{"model":"gpt-5","input":[{"type":"compaction"}]}"#, 400, "input[0].encrypted_content"),
      (#"{"model":"gpt-5","input":[{"type":"compaction","encrypted_content":7}]}"#, 400, "input[0].encrypted_content"),
    ] as [(String, Int, String?)] {
      let refused = compact(body)
      #expect(refused.status == status && refused.json[at: "error", "param"].text == param, "\(refused.text)")
    }
  }

  @Test(arguments: ["gAAAAAB", "fakeai-images.", "fakeai-images.a b", "fakeai-images.ä", "fakeai-image.ig_0", ""])
  func `what another server has encrypted is refused by a strict profile only`(content: String) {
    let body = #"{"model":"gpt-5","input":[{"type":"compaction","encrypted_content":"\#(content)"},{"role":"user","content":"x"}]}"#
    let refused = compact(body, Self.strict)
    #expect(refused.status == 400 && refused.json[at: "error", "code"] == "invalid_encrypted_content", "\(refused.text)")
    #expect(compact(body).status == 200)
  }

  @Test func `a compaction has no more than its server makes`() {
    let most = (0..<ResponseDocument.mostPictures).map { "ig_\($0)" }
    #expect(Compaction(content: Compaction(pictures: most).content)?.pictures == most)
    #expect(Compaction(content: "fakeai-images" + (most + ["ig_x"]).map { "." + $0 }.joined()) == nil)
    #expect(Compaction(content: "fakeai-images." + String(repeating: "a", count: 65)) == nil)
    #expect(Compaction(pictures: ["a.b", "", "ig_1", String(repeating: "a", count: 65)]).pictures == ["ig_1"])
    #expect(Compaction(pictures: ["ig_first"] + most).pictures == most)
  }

  @Test func `with invented objects, a model and an input are not required`() throws {
    let inventing = try ServiceFixture(configuration: .init(inventsUnknownIDs: true))
    #expect(compact("{}", inventing).json[at: "output"].elements?.count == 1)
    #expect(compact(#"{"model":"gpt-5","previous_response_id":"resp_123"}"#, inventing).status == 200)
  }

  @Test(arguments: ["/openai/v1/responses/compact", "/openai/responses/compact", "/responses/compact"])
  func `a conversation is compacted at the other addresses of the API`(path: String) {
    #expect(fixture.post(path, #"{"model":"gpt-5","input":"x"}"#).json[at: "object"] == "response.compaction")
  }
}
