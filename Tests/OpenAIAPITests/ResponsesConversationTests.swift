import Answers
import FastCGI

import JSON
import ObjectStore
import SystemCalls
import Testing
@testable import OpenAIAPI

/// Turns of a conversation, and the pictures that they edit.
@Suite struct ResponsesConversationTests {
  /// With a fixed time in the watermark, because images of several requests are compared, and a second may end between two of them.
  private let fixture = try! ServiceFixture(timestamp: "2026-01-01 00:00:00")

  private static func body(_ input: String, _ members: String = "", _ tool: String = "") -> String {
    #"{"model":"gpt-5","input":\#(input),"tools":[{"type":"image_generation","size":"256x256"\#(tool)}]\#(members)}"#
  }

  /// A PNG as a `data:` URL.
  private func picture(_ prompt: String = "Given") -> String {
    let text = fixture.generate(#"{"prompt":"\#(prompt)","size":"256x256","response_format":"b64_json"}"#).text
    return "data:image/png;base64," + text.firstMatch(of: /"b64_json": "([^"]*)"/)!.output.1
  }

  private func call(_ response: Response) -> JSONValue { response.json[at: "output", 0] }

  @Test func `a second turn edits the image of the first, whichever way the first is named`() throws {
    let first = fixture.respond(Self.body(#""A lake""#))
    let (response, call) = (try #require(first.json[at: "id"].text), try #require(call(first)[at: "id"].text))
    let result = try #require(first.json[at: "output", 0, "result"].text)
    let inputs = [
      Self.body(#""Blue""#, ",\"previous_response_id\":\"\(response)\""),
      Self.body(#"[{"role":"user","content":"Blue"},{"type":"image_generation_call","id":"\#(call)"}]"#),
      Self.body(#"[{"type":"item_reference","id":"\#(call)"},{"role":"user","content":"Blue"}]"#),
      Self.body(
        #"[{"type":"image_generation_call","id":"\#(call)","status":"completed","result":null},{"role":"user","content":"Blue"}]"#),
      Self.body(
        #"[{"type":"image_generation_call","id":"ig_1","status":"completed","action":"generate","result":"\#(result)"},{"role":"user","content":"Blue"}]"#
      ),
      Self.body(
        #"[{"role":"assistant","content":[{"type":"input_image","detail":"auto","image_url":"data:image/png;base64,\#(result)"}]},{"role":"user","content":"Blue"}]"#
      ),
    ]
    let edited = inputs.map { self.call(fixture.respond($0)) }
    for call in edited { #expect(call[at: "action"] == "edit" && call[at: "status"] == "completed") }
    // The same picture was edited.
    #expect(Set(edited.map { $0[at: "result"].text }).count == 1)
    #expect(edited[0][at: "result"].text != self.call(fixture.respond(Self.body(#""Blue""#)))[at: "result"].text)
  }

  @Test func `a third turn edits the image of the second`() throws {
    let first = fixture.respond(Self.body(#""A lake""#))
    let second = fixture.respond(Self.body(#""Blue""#, ",\"previous_response_id\":\"\(try #require(first.json[at: "id"].text))\""))
    let third = fixture.respond(Self.body(#""Red""#, ",\"previous_response_id\":\"\(try #require(second.json[at: "id"].text))\""))
    let id = try #require(call(second)[at: "id"].text)
    let same = fixture.respond(Self.body(#"[{"type":"image_generation_call","id":"\#(id)"},{"role":"user","content":"Red"}]"#))
    #expect(call(third)[at: "result"] == call(same)[at: "result"])
    #expect(third.json[at: "previous_response_id"] == second.json[at: "id"])
    #expect(third.json[at: "usage", "input_tokens"].integer ?? 0 > second.json[at: "usage", "input_tokens"].integer ?? 0)
  }

  @Test func `the user's pictures are edited, and a later turn still finds them`() throws {
    let url = picture()
    let message = #"[{"role":"user","content":[{"type":"input_text","text":"Hat"},{"type":"input_image","image_url":"\#(url)"}]}]"#
    let given = fixture.respond(Self.body(message))
    #expect(call(given)[at: "action"] == "edit")
    #expect(call(given)[at: "result"].text != call(fixture.respond(Self.body(#""Hat""#)))[at: "result"].text)
    // Without a call, the picture is the conversation's last one.
    let seen = fixture.respond(Self.body(message.replacing("Hat", with: "Look"), #","tool_choice":"none""#))
    let later = fixture.respond(Self.body(#""Hat""#, ",\"previous_response_id\":\"\(try #require(seen.json[at: "id"].text))\""))
    #expect(call(later)[at: "result"] == call(given)[at: "result"])
  }

  @Test func `text and picture can be two messages, and a picture that is sent twice is one`() {
    let (text, image) = (#"{"type":"input_text","text":"Hat"}"#, #"{"type":"input_image","image_url":"\#(picture())"}"#)
    let one = fixture.respond(Self.body(#"[{"role":"user","content":[\#(text),\#(image)]}]"#))
    let two = fixture.respond(Self.body(#"[{"role":"user","content":[\#(text)]},{"role":"user","content":[\#(image)]}]"#))
    let twice = fixture.respond(
      Self.body(#"[{"role":"user","content":[\#(text),\#(image)]},{"role":"user","content":[\#(text),\#(image)]}]"#))
    #expect(call(two)[at: "revised_prompt"] == "Hat" && call(two)[at: "result"] == call(one)[at: "result"])
    #expect(call(twice)[at: "result"] == call(one)[at: "result"])
  }

  @Test func `the action decides`() {
    let message = #"[{"role":"user","content":[{"type":"input_text","text":"Hat"},{"type":"input_image","image_url":"\#(picture())"}]}]"#
    #expect(call(fixture.respond(Self.body(message, "", #","action":"generate""#)))[at: "action"] == "generate")
    #expect(call(fixture.respond(Self.body(message, "", #","action":"edit""#)))[at: "action"] == "edit")
    #expect(call(fixture.respond(Self.body(message, "", #","action":"auto""#)))[at: "action"] == "edit")
  }

  @Test func `an uploaded file is a picture`() throws {
    let png = fixture.get(fixture.imagePath()).body
    let file = FileObject(filename: "a.png", purpose: "vision", mediaType: "image/png", bytes: png.count, lifetime: nil, now: 0)
    let id = try fixture.service.fileShelf.add(file, png).wait().id
    let message = #"[{"role":"user","content":[{"type":"input_text","text":"Hat"},{"type":"input_image","file_id":"\#(id)"}]}]"#
    #expect(call(fixture.respond(Self.body(message)))[at: "action"] == "edit")
    let unknown = fixture.respond(Self.body(message.replacing(id, with: "file-x")))
    #expect(unknown.status == 404 && unknown.text.contains("file-x"))
  }

  @Test func `a picture elsewhere is not fetched, which a header says`() {
    let message =
      #"[{"role":"user","content":[{"type":"input_text","text":"Hat"},{"type":"input_image","image_url":"https://a.example/b.png"}]}]"#
    let response = fixture.respond(Self.body(message))
    #expect(call(response)[at: "action"] == "edit" && response.header("X-FakeAI-Ignored")?.contains("nothing is fetched") == true)
  }

  @Test func `what is not there is named`() {
    let call = "ig_" + String(repeating: "0123456789ab8def8", count: 3).prefix(50)
    let unknown = fixture.respond(Self.body(#"[{"type":"image_generation_call","id":"\#(call)"},{"role":"user","content":"Blue"}]"#))
    #expect(unknown.status == 404 && unknown.json[at: "error", "message"].text?.hasPrefix("Item with id '\(call)' not found.") == true)
    let previous = fixture.respond(Self.body(#""Blue""#, #","previous_response_id":"resp_1""#))
    #expect(
      previous.status == 400
        && previous.text
          == Response.errorText(
            "Previous response with id 'resp_1' not found.", param: "previous_response_id", code: "previous_response_not_found")
    )
  }

  @Test func `an image that has expired is an item that is not found`() throws {
    let id = try #require(call(fixture.respond(Self.body(#""A lake""#)))[at: "id"].text)
    fixture.wait(seconds: 3601)
    #expect(fixture.respond(Self.body(#"[{"type":"image_generation_call","id":"\#(id)"},{"role":"user","content":"Blue"}]"#)).status == 404)
  }

  @Test func `a failed call of an earlier turn is no picture`() throws {
    let failed = fixture.respond(Self.body(#""A lake""#), ["HTTP_X_FAKEAI_FAULT": "failed_call"])
    let id = try #require(call(failed)[at: "id"].text)
    for input in [
      #"{"type":"image_generation_call","id":"\#(id)"}"#,
      #"{"type":"image_generation_call","id":"\#(id)","status":"failed","result":null}"#,
    ] {
      #expect(fixture.respond(Self.body("[\(input),{\"role\":\"user\",\"content\":\"Blue\"}]")).status == 200)
    }
  }

  @Test func `a picture evicted from the store is drawn again for a stored response`() throws {
    let small = try ServiceFixture(size: 128 << 10)
    let first = small.respond(Self.body(#""A lake""#))
    for number in 0..<60 { _ = small.generate(#"{"prompt":"\#(number)","size":"512x512"}"#) }
    let id = try #require(first.json[at: "output", 0, "id"].text)
    #expect(small.get("/images/\(id.dropFirst(3).prefix(32)).png").status == 404)
    #expect(small.fetch("/v1/responses/\(try #require(first.json[at: "id"].text))").json == first.json)
  }

  @Test func `no item of the input can have the ID of the message`() throws {
    let response = fixture.respond(Self.body(#"[{"role":"user","content":"One"},{"role":"user","content":"Two"}]"#)).json
    let id = try #require(response[at: "id"].text)
    let items = fixture.fetch("/v1/responses/\(id)/input_items", query: "order=asc").json[at: "data"].elements ?? []
    let message = "msg_" + id.dropFirst("resp_".count)
    #expect(items.map { $0[at: "id"].text } == [message + "0000", message + "0001"])
  }

  @Test func `input items are listed in pages, the last first`() throws {
    let input = #"[{"role":"user","content":"One"},{"role":"assistant","id":"msg_x","content":"Two"},{"role":"user","content":"Three"}]"#
    let id = try #require(fixture.respond(Self.body(input)).json[at: "id"].text)
    func page(_ query: String) -> JSONValue { fixture.fetch("/v1/responses/\(id)/input_items", query: query).json }
    func texts(_ page: JSONValue) -> [String?] { (page[at: "data"].elements ?? []).map { $0[at: "content", 0, "text"].text } }
    #expect(texts(page("")) == ["Three", "Two", "One"] && page("")[at: "has_more"] == .boolean(false))
    #expect(texts(page("order=asc&limit=2")) == ["One", "Two"] && page("order=asc&limit=2")[at: "has_more"] == .boolean(true))
    #expect(texts(page("after=msg_x")) == ["One"] && page("")[at: "data", 1, "id"] == "msg_x")
    #expect(texts(page("limit=0")) == [] && texts(page("after=unknown")) == [])
    #expect(page("")[at: "first_id"] == page("")[at: "data", 0, "id"])
  }
}
