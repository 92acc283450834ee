import FastCGI
import JSON
import OpenAIAPI
import Testing

@Suite struct ModerationsEndpointTests {
  private let fixture: ServiceFixture

  init() throws { fixture = try ServiceFixture() }

  private func moderate(_ json: String, _ variables: [String: String] = [:]) -> Response {
    fixture.post("/v1/moderations", json, variables)
  }

  /// The results, each as its flagged categories, or nil if it is not flagged.
  private func flagged(_ response: Response) -> [[String]?] {
    guard case .array(let results)? = response.json["results"] else { return [] }
    return results.map { result in
      guard result["flagged"] == .boolean(true), case .object(let categories)? = result["categories"] else { return nil }
      return categories.members.filter { $0.value == .boolean(true) }.map(\.name.text)
    }
  }

  @Test(arguments: ["categories", "category_scores", "category_applied_input_types"])
  func `each map has all 13 categories`(name: String) throws {
    guard case .array(let results)? = moderate(#"{"input":"x"}"#).json["results"], case .object(let map)? = results[0][name] else {
      Issue.record("no \(name)")
      return
    }
    let expected = [
      "harassment", "harassment/threatening", "hate", "hate/threatening", "illicit", "illicit/violent", "self-harm",
      "self-harm/instructions",
      "self-harm/intent", "sexual", "sexual/minors", "violence", "violence/graphic",
    ]
    #expect(map.members.map(\.name.text).sorted() == expected)
  }

  @Test func `a text has one result, a list has one each, and parts have one together`() {
    #expect(flagged(moderate(#"{"input":"a lake"}"#)) == [nil])
    #expect(flagged(moderate(#"{"input":["a lake","I will kill you"]}"#)) == [nil, ["violence"]])
    let image = #"{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}"#
    #expect(flagged(moderate(#"{"input":[{"type":"text","text":"Murder!"},\#(image)]}"#)) == [["violence"]])
  }

  @Test func `only whole words count`() { #expect(flagged(moderate(#"{"input":"skilled hater"}"#)) == [nil]) }

  @Test func `an image counts in the categories in which images are judged`() {
    let text = moderate(#"{"input":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}"#).text
      .replacing(/\s+/, with: "")
    #expect(text.contains(#""violence":["image"]"#) && text.contains(#""hate":[]"#) && text.contains(#""sexual/minors":[]"#), "\(text)")
  }

  @Test func `the same text has the same scores, and a flagged category a high one`() {
    let scores = { (text: String) in moderate(#"{"input":"\#(text)"}"#).json["results"]?[0]?["category_scores"] }
    #expect(scores("a lake") != nil && scores("a lake") == scores("a lake") && scores("a lake") != scores("a hill"))
    guard case .decimal(let high)? = scores("kill")?["violence"], case .decimal(let low)? = scores("kill")?["hate"] else {
      Issue.record("no scores")
      return
    }
    #expect(high >= 0.9 && low < 0.01)
  }

  @Test func `the fault flags what it names instead of refusing the request`() {
    let response = moderate(#"{"input":"a lake"}"#, ["HTTP_X_FAKEAI_FAULT": "moderation stage=output categories=hate,violence"])
    #expect(response.status == 200 && response.header("X-FakeAI-Fault") == "moderation")
    #expect(flagged(response) == [["violence", "hate"]])
    #expect(flagged(moderate(#"{"input":"a lake [[fakeai fault=moderation categories=illicit]]"}"#)) == [["illicit"]])
  }

  @Test func `another fault refuses the request`() {
    #expect(moderate(#"{"input":"a lake"}"#, ["HTTP_X_FAKEAI_FAULT": "server_error"]).status == 500)
  }

  @Test(arguments: [
    (#"{}"#, "input", "missing_required_parameter"), (#"{"input":[]}"#, "input", "empty_array"), (#"{"input":1}"#, "input", "invalid_type"),
    (#"{"input":["a",1]}"#, "input[1]", "invalid_type"), (#"{"input":[{"type":"text"}]}"#, "input[0].text", "missing_required_parameter"),
    (#"{"input":[{"type":"audio"}]}"#, "input[0].type", "invalid_value"), (#"{"input":"x","model":1}"#, "model", "invalid_type"),
    (
      #"{"input":[{"type":"image_url","image_url":{}}]}"#, "input[0].image_url.url", "missing_required_parameter"
    ),
  ]) func `a request that is not valid is refused`(json: String, param: String, code: String) {
    let response = moderate(json)
    #expect(response.status == 400)
    #expect(response.json["error"]?["param"] == .string(JSONString(param)), "\(response.text)")
    #expect(response.json["error"]?["code"] == .string(JSONString(code)), "\(response.text)")
  }

  @Test func `a long text is classified by the renderer`() {
    let reply = fixture.service.reply(
      to: Request(
        method: "POST", path: "/v1/moderations", variables: ["CONTENT_TYPE": "application/json"],
        body: .whole(Array(#"{"input":"\#(String(repeating: "kill ", count: 20_000))"}"#.utf8))))
    guard case .render = reply.action else {
      Issue.record("it was classified on the loop's thread")
      return
    }
    #expect(flagged(reply.run()) == [["violence"]])
  }
}
