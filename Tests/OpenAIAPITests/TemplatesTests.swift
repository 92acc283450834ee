import FastCGI
import Foundation
import JSON
import Testing

@testable import OpenAIAPI

/// Layouts of drawn images: each template of the fixture is one colour, which tells which one a response was drawn by.
@Suite struct TemplatesTests {
  private let place: TemplatesFixture

  init() throws { place = try TemplatesFixture() }

  @Test func `a header overrides the prompt, the prompt the rules, and the rules the setting`() throws {
    let place = try TemplatesFixture(template: "white")
    #expect(place.shown(place.generate()) == ["white"])
    #expect(place.put(#"[{"name":"all","match":{"prompt":"lake"},"then":{"template":"red"}}]"#).status == 200)
    let rule = place.generate()
    #expect(place.shown(rule) == ["red"] && rule.header("X-FakeAI-Rule") == "all")
    #expect(place.shown(place.generate(prompt: "A cat")) == ["white"])
    let prompt = "A lake [[fakeai template=green]]"
    let directive = place.generate(prompt: prompt)
    #expect(place.shown(directive) == ["green"] && directive.header("X-FakeAI-Rule") == nil)
    #expect(place.shown(place.generate(prompt: prompt, headers: ["HTTP_X_FAKEAI_TEMPLATE": "blue"])) == ["blue"])
    #expect(place.shown(place.generate(prompt: prompt, headers: ["HTTP_X_FAKEAI_FAULT": "template=blue"])) == ["blue"])
    let both = ["HTTP_X_FAKEAI_TEMPLATE": "red", "HTTP_X_FAKEAI_FAULT": "template=blue"]
    #expect(place.shown(place.generate(prompt: prompt, headers: both)) == ["red"])
    #expect(place.shown(place.generate(prompt: prompt, headers: ["HTTP_X_FAKEAI_TEMPLATE": "none"])) == ["other"])
  }

  @Test func `all images of a request have it, by URL and as base64`() {
    for format in ["url", "b64_json"] {
      let response = place.generate(#","n":2"#, format: format, headers: ["HTTP_X_FAKEAI_TEMPLATE": "red"])
      #expect(place.shown(response) == ["red", "red"], "\(format)")
    }
  }

  @Test(arguments: [
    ("rde", "(did you mean red?): there is no such template; allowed: none, blue, broken, gone, green, hd, red, standard, white."),
    ("broken", "broken.json:1:21: \"blau\" is not a fill"), ("../red", "there is no such template"),
    ("gone", "gone.json:1:22: \"gone.png\" cannot be read: it is not in the directory of templates (FAKEAI_TEMPLATES)"),
  ]) func `a template that cannot be used is the client's mistake in a request`(name: String, problem: String) {
    for (place, response) in [
      ("X-FakeAI-Template", place.generate(headers: ["HTTP_X_FAKEAI_TEMPLATE": name])),
      ("X-FakeAI-Fault", place.generate(headers: ["HTTP_X_FAKEAI_FAULT": "template=\(name)"])),
      ("prompt", place.generate(prompt: "A lake [[fakeai template=\(name)]]")),
    ] {
      #expect(response.status == 400 && response.json[at: "error", "param"].text == place)
      let message = response.json[at: "error", "message"].text ?? ""
      #expect(message.hasPrefix("Invalid value for '\(place)': 'template=") && message.contains(problem), "\(message)")
    }
  }

  @Test(arguments: [
    (#"[{"then":{"template":"rde"}}]"#, #"rule 1.then.template is "rde" (did you mean red?): there is no such template"#),
    (#"[{"then":{}},{"then":{"template":"broken"}}]"#, #"rule 2.then.template is "broken": broken.json:1:21: "blau""#),
    (#"[{"then":{"template":1}}]"#, "rule 1.then.template must be a string, not an integer"),
    (#"[{"then":{"template":""}}]"#, "rule 1.then.template must be a string of 1 to 1000 bytes"),
    (
      #"[{"when":{"sequence":"once"},"then":[{"template":"red"},{"template":"nope"}]}]"#,
      #"rule 1.then[1].template is "nope": there is no such template"#
    ),
  ]) func `a rule with a template that cannot be used is refused with its position`(rules: String, problem: String) {
    let response = place.put(rules)
    #expect(response.status == 400 && response.json[at: "error", "code"] == "invalid_rules")
    #expect(response.json[at: "error", "message"].text?.hasPrefix("Invalid rules: \(problem)") == true, "\(response.text)")
  }

  @Test func `a template that is gone or broken later is the server's mistake, in the response and in the log`() throws {
    let log = TestLog()
    let place = try TemplatesFixture(logger: log.logger)
    #expect(place.put(#"[{"then":{"template":"red"}}]"#).status == 200)
    try place.write(#"{"layers":[{"fill":"rot"}]}"#, as: "red.json")
    let response = place.generate()
    #expect(response.status == 500 && response.json[at: "error", "code"] == "template_unusable")
    #expect(response.json[at: "error", "message"].text?.hasPrefix(#"The template "red": red.json:1:20: "rot""#) == true, "\(response.text)")
    #expect(log.lines.contains { $0.hasPrefix("error: request req_") && $0.contains("red.json:1:20") })
    place.remove("red.json")
    #expect(place.generate().json[at: "error", "code"] == "template_unusable")
  }

  @Test func `a server without a directory has those that are built in`() throws {
    let fixture = try ServiceFixture()
    let lake = #"{"prompt":"A lake","size":"256x256"}"#
    #expect(fixture.generate(lake, ["HTTP_X_FAKEAI_TEMPLATE": "hd"]).status == 200)
    let unknown = fixture.generate(lake, ["HTTP_X_FAKEAI_TEMPLATE": "card"])
    #expect(unknown.status == 400 && unknown.text.contains("the server has no directory of templates (FAKEAI_TEMPLATES)"))
  }

  @Test func `a server that draws nothing needs no templates`() throws {
    let fixture = try ServiceFixture(configuration: .init(drawsImages: false))
    #expect(fixture.generate(#"{"prompt":"A lake","size":"256x256"}"#, ["HTTP_X_FAKEAI_TEMPLATE": "card"]).status == 200)
  }

  @Test func `the words of a template are those of the request`() throws {
    try place.write(#"{"layers":[{"text":"{request_id} {key} {quality} {n}","font_size":0.05,"lines":1}]}"#, as: "words.json")
    let drawn = place.pixels(place.generate(headers: ["HTTP_X_FAKEAI_TEMPLATE": "words", "HTTP_AUTHORIZATION": "Bearer sk-secret-1234"]))
    let other = place.pixels(place.generate(headers: ["HTTP_X_FAKEAI_TEMPLATE": "words", "HTTP_AUTHORIZATION": "Bearer sk-secret-5678"]))
    #expect(drawn.count == 1 && drawn != other)
  }

  @Test func `a stream shows it in squares first`() {
    let response = place.fixture.generate(
      #"{"prompt":"A lake","model":"gpt-image-2","size":"256x256","stream":true,"partial_images":1}"#, ["HTTP_X_FAKEAI_TEMPLATE": "red"])
    #expect(response.parts.flatMap(place.shown) == ["red", "red"])
  }

  @Test func `an edit is drawn by a template with a place for its upload only`() throws {
    try place.write(##"{"layers":[{"fill":"#00f"},{"image":"{upload}","at":[0.5,0.5],"size":[0.1,0.1]}]}"##, as: "edit.json")
    let upload = Data(try TemplatesFixture.png).base64EncodedString()
    let edit = #"{"prompt":"A lake","size":"256x256","model":"gpt-image-2","images":[{"image_url":"data:image/png;base64,\#(upload)"}]}"#
    #expect(place.shown(place.fixture.post("/v1/images/edits", edit, ["HTTP_X_FAKEAI_TEMPLATE": "edit"])) == ["blue"])
    #expect(place.shown(place.fixture.post("/v1/images/edits", edit, ["HTTP_X_FAKEAI_TEMPLATE": "red"])) == ["other"])
  }

  @Test func `a picture of one's own comes before a template`() throws {
    #expect(place.generate(headers: ["HTTP_X_FAKEAI_TEMPLATE": "red", "HTTP_X_FAKEAI_PICTURE": "a.png"]).status == 400)
    #expect(place.shown(place.generate(headers: ["HTTP_X_FAKEAI_TEMPLATE": "red", "HTTP_X_FAKEAI_PICTURE": "none"])) == ["red"])
  }

  @Test func `a stored response is drawn by its template again when its image is gone`() throws {
    let created = place.fixture.respond(
      #"{"model":"gpt-5","input":"A lake [[fakeai template=green]]","tools":[{"type":"image_generation","size":"256x256"}]}"#)
    #expect(place.shown(created) == ["green"])
    let id = try #require(created.json[at: "id"].text)
    let image = try #require(created.header("X-FakeAI-Images"))
    func isKept() -> Bool { place.fixture.get("/images/\(image).png").status == 200 }
    // Other images take its place.
    for number in 0..<3000 where isKept() { _ = place.generate(prompt: "A lake \(number)", format: "url") }
    #expect(!isKept())
    #expect(place.shown(place.fixture.fetch("/v1/responses/\(id)")) == ["green"])
  }
}
