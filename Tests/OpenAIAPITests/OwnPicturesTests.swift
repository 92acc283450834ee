import FastCGI
import Foundation
import JSON
import Testing

@testable import OpenAIAPI

/// Files that are shown instead of drawn images.
@Suite struct OwnPicturesTests {
  private let place: PicturesFixture

  init() throws { place = try PicturesFixture() }

  private static let turns = #"[{"then":{"picture":["a.png","b.png","c.png"]}}]"#

  @Test func `a rule shows a file, as it is, in a response and in the store`() {
    #expect(place.put(#"[{"match":{"prompt":"cat"},"then":{"picture":"a.png"}}]"#).status == 200)
    #expect(place.shown(place.generate(prompt: "A cat")) == ["a.png"])
    #expect(place.shown(place.generate(prompt: "A cat", format: "url")) == ["a.png"])
    #expect(place.shown(place.generate(prompt: "A lake")) == ["drawn"])
  }

  @Test(arguments: [false, true]) func `each image takes the next turn, over all requests`(isDeferred: Bool) throws {
    let place = try PicturesFixture(isDeferred: isDeferred)
    #expect(place.put(Self.turns).status == 200)
    #expect(place.shown(place.generate(#","n":2"#)) == ["a.png", "b.png"])
    #expect(place.shown(place.generate()) == ["c.png"])
    #expect(place.shown(place.generate(#","n":4"#)) == ["a.png", "b.png", "c.png", "a.png"])
    #expect(place.put(Self.turns).status == 200)
    #expect(place.shown(place.generate()) == ["a.png"])
  }

  @Test func `steps of a sequence show different files`() {
    let steps = #"[{"picture":"a.png"},{"fault":"server_error"},{"picture":["c.png","d.png"]},{}]"#
    #expect(place.put(#"[{"when":{"sequence":"repeat"},"then":\#(steps)}]"#).status == 200)
    let shown = (0..<7).map { _ in place.shown(place.generate()).first ?? "nothing" }
    #expect(shown == ["a.png", "nothing", "c.png", "drawn", "a.png", "nothing", "d.png"])
  }

  @Test(arguments: ["rate_limit", "generation_failed", "moderation stage=output"])
  func `a request that is refused takes no turn`(fault: String) {
    #expect(place.put(Self.turns).status == 200)
    #expect(place.shown(place.generate()) == ["a.png"])
    #expect(place.generate(headers: ["HTTP_X_FAKEAI_FAULT": fault]).status >= 400)
    #expect(place.shown(place.generate()) == ["b.png"])
  }

  @Test func `an image that is left out takes no turn`() {
    #expect(place.put(Self.turns).status == 200)
    #expect(place.shown(place.generate(#","n":3"#, headers: ["HTTP_X_FAKEAI_FAULT": "fewer_images"])) == ["a.png", "b.png"])
    #expect(place.shown(place.generate()) == ["c.png"])
  }

  @Test func `a header overrides the prompt, and the prompt overrides the rules`() {
    #expect(place.put(#"[{"name":"all","then":{"picture":"a.png"}}]"#).status == 200)
    let prompt = "A lake [[fakeai picture=b.png]]"
    let rule = place.generate()
    #expect(place.shown(rule) == ["a.png"] && rule.header("X-FakeAI-Rule") == "all")
    let directive = place.generate(prompt: prompt)
    #expect(place.shown(directive) == ["b.png"] && directive.header("X-FakeAI-Rule") == nil)
    #expect(place.shown(place.generate(prompt: prompt, headers: ["HTTP_X_FAKEAI_PICTURE": "c.png"])) == ["c.png"])
    #expect(place.shown(place.generate(prompt: prompt, headers: ["HTTP_X_FAKEAI_FAULT": "picture=d.png"])) == ["d.png"])
    let both = ["HTTP_X_FAKEAI_PICTURE": "c.png", "HTTP_X_FAKEAI_FAULT": "picture=d.png"]
    #expect(place.shown(place.generate(prompt: prompt, headers: both)) == ["c.png"])
    #expect(place.shown(place.generate(prompt: prompt, headers: ["HTTP_X_FAKEAI_PICTURE": "none"])) == ["drawn"])
  }

  @Test func `the images of a request take turns among the files that it names itself, from the first`() {
    for _ in 0..<2 {
      #expect(
        place.shown(place.generate(#","n":3"#, prompt: "A lake [[fakeai picture=d.png,a.png]]")) == ["d.png", "a.png", "d.png"])
    }
  }

  @Test(arguments: [
    ("nope.png", "it is not in the directory of pictures (FAKEAI_PICTURES)."), ("aa.png", "(did you mean a.png?): it is not in"),
    ("../a.png", "the name of a file is 1 to 255 bytes without a slash"), (".a.png", "hidden files, whose names begin with a dot,"),
    ("a.png,nope", "'picture=nope'"),
  ]) func `an unknown file in a request is the client's mistake`(name: String, problem: String) {
    for (place, response) in [
      ("X-FakeAI-Picture", place.generate(headers: ["HTTP_X_FAKEAI_PICTURE": name])),
      ("X-FakeAI-Fault", place.generate(headers: ["HTTP_X_FAKEAI_FAULT": "picture=\(name)"])),
      ("prompt", place.generate(prompt: "A lake [[fakeai picture=\(name)]]")),
    ] {
      #expect(response.status == 400 && response.json[at: "error", "param"].text == place)
      let message = response.json[at: "error", "message"].text ?? ""
      #expect(message.hasPrefix("Invalid value for '\(place)': 'picture=") && message.contains(problem), "\(message)")
    }
  }

  @Test(arguments: [
    (
      #"[{"then":{"picture":"tiger.jpeg"}}]"#,
      #"rule 1.then.picture is "tiger.jpeg": it is not in the directory of pictures (FAKEAI_PICTURES)"#
    ),
    (#"[{"then":{}},{"then":{"picture":["a.png","../b.png"]}}]"#, #"rule 2.then.picture[1] is "../b.png": the name of a file is"#),
    (
      #"[{"when":{"sequence":"once"},"then":[{"picture":"a.png"},{"picture":"claer.png"}]}]"#,
      #"rule 1.then[1].picture is "claer.png" (did you mean clear.png?): it is not in"#
    ),
  ]) func `a rule with an unknown file is refused with its position, and the old ones stay`(rules: String, problem: String) {
    #expect(place.put(Self.turns).status == 200)
    let response = place.put(rules)
    #expect(response.status == 400 && response.json[at: "error", "code"] == "invalid_rules")
    #expect(response.json[at: "error", "message"].text?.hasPrefix("Invalid rules: \(problem)") == true, "\(response.text)")
    #expect(place.shown(place.generate()) == ["a.png"])
  }

  @Test func `a server without pictures says so`() throws {
    let fixture = try ServiceFixture()
    let lake = #"{"prompt":"A lake","size":"256x256"}"#
    let put = fixture.send(Request(method: "PUT", path: "/_fakeai/rules", body: .whole(Array(Self.turns.utf8))))
    #expect(put.status == 400 && put.text.contains("the server has no directory of pictures (FAKEAI_PICTURES)"))
    let asked = fixture.generate(lake, ["HTTP_X_FAKEAI_PICTURE": "a.png"])
    #expect(asked.status == 400 && asked.text.contains("the server has no directory of pictures (FAKEAI_PICTURES)"))
    #expect(fixture.generate(lake, ["HTTP_X_FAKEAI_PICTURE": "none"]).status == 200)
  }

  @Test func `a server that draws nothing needs no files`() throws {
    let fixture = try ServiceFixture(configuration: .init(drawsImages: false))
    let lake = #"{"prompt":"A lake","size":"256x256"}"#
    #expect(fixture.generate(lake, ["HTTP_X_FAKEAI_PICTURE": "a.png"]).status == 200)
  }

  @Test func `a file that is gone or broken is the server's mistake, in the response and in the log`() throws {
    let log = TestLog()
    let place = try PicturesFixture(logger: log.logger)
    #expect(place.put(Self.turns).status == 200)
    place.remove("a.png")
    try place.write("GIF89a", as: "b.png")
    for (name, problem) in [
      ("a.png", "it is not in the directory of pictures (FAKEAI_PICTURES)"),
      ("b.png", "it is a GIF file, but only PNG, JPEG and WebP files are accepted"),
    ] {
      let response = place.generate()
      #expect(response.status == 500 && response.json[at: "error", "code"] == "picture_unusable")
      let message = response.json[at: "error", "message"].text ?? ""
      #expect(message.hasPrefix("The picture \"\(name)\"") && message.hasSuffix("cannot be shown: \(problem)."), "\(message)")
      #expect(log.lines.contains { $0.hasPrefix("error: request req_") && $0.contains("\"\(name)\"") && $0.hasSuffix(problem) })
    }
    #expect(place.shown(place.generate()) == ["c.png"])
  }

  @Test func `an alpha channel stays where the format has one`() {
    let header = ["HTTP_X_FAKEAI_PICTURE": "clear.png"]
    #expect(place.shown(place.generate(headers: header)) == ["clear.png"])
    for format in ["png", "jpeg", "webp", "gif", "svg"] {
      let response = place.fixture.generate(
        #"{"prompt":"A lake","model":"gpt-image-2","size":"1024x1024","output_format":"\#(format)"}"#, header)
      #expect(response.status == 200, "\(format): \(response.text)")
    }
  }

  @Test func `a stream shows the file in squares first`() {
    let response = place.fixture.generate(
      #"{"prompt":"A lake","model":"gpt-image-2","size":"256x256","stream":true,"partial_images":2}"#, ["HTTP_X_FAKEAI_PICTURE": "a.png"])
    #expect(response.parts.flatMap(place.shown) == ["drawn", "drawn", "a.png"])
  }

  @Test func `edits, variations and submissions show files as well`() throws {
    #expect(place.put(Self.turns).status == 200)
    let edit = #"{"prompt":"A lake","size":"256x256","model":"gpt-image-2","images":[{"image_url":"https://example.com/a.png"}]}"#
    #expect(place.shown(place.fixture.post("/v1/images/edits", edit)) == ["a.png"])
    let accepted = place.fixture.post("/openai/images/generations:submit", #"{"prompt":"A lake","size":"256x256"}"#)
    let location = try #require(accepted.header("operation-location"))
    let finished = place.fixture.get(String(location.split(separator: "?")[0].dropFirst("http://mock.test:8000".count)))
    #expect(place.shown(finished) == ["b.png"])
  }

  private static func response(_ more: String = "", prompt: String = "A lake") -> String {
    #"{"model":"gpt-5","input":"\#(prompt)","tools":[{"type":"image_generation","size":"256x256"}]\#(more)}"#
  }

  @Test func `each call of the Responses API takes the next turn`() {
    #expect(place.put(#"[{"then":{"picture":["a.png","b.png","c.png"],"calls":2}}]"#).status == 200)
    #expect(place.shown(place.fixture.respond(Self.response())) == ["a.png", "b.png"])
    #expect(place.shown(place.fixture.respond(Self.response(#","store":false"#))) == ["c.png", "a.png"])
  }

  @Test func `a stored response shows its file again when its image is gone`() throws {
    let created = place.fixture.respond(Self.response(prompt: "A lake [[fakeai calls=2 picture=b.png,c.png]]"))
    #expect(place.shown(created) == ["b.png", "c.png"])
    let id = try #require(created.json[at: "id"].text)
    #expect(place.shown(place.fixture.fetch("/v1/responses/\(id)")) == ["b.png", "c.png"])
    let images = try #require(created.header("X-FakeAI-Images")).split(separator: ",").map { $0.filter { $0 != " " } }
    #expect(images.count == 2)
    func isKept(_ image: String) -> Bool { place.fixture.get("/images/\(image).png").status == 200 }
    // Other images take its place.
    for _ in 0..<1000 where images.contains(where: isKept) {
      _ = place.generate(format: "url", headers: ["HTTP_X_FAKEAI_PICTURE": "a.png"])
    }
    #expect(!images.contains(where: isKept))
    #expect(place.shown(place.fixture.fetch("/v1/responses/\(id)")) == ["b.png", "c.png"])
  }

  @Test func `the lines of a batch take turns`() throws {
    #expect(place.put(Self.turns).status == 200)
    let file = try place.fixture.upload((0..<4).map { ServiceFixture.line("\($0)") })
    let batch = try place.fixture.createBatch(of: file)
    place.fixture.runBatches()
    let lines = try place.fixture.lines(of: place.fixture.batch(batch)["output_file_id"])
    let paths = lines.compactMap { $0[at: "response", "body", "data", 0, "url"].text }
    #expect(paths.count == 4)
    let shown = paths.flatMap { place.shown(Response(body: Array(#"{"url": "\#($0)"}"#.utf8))) }
    #expect(shown.sorted() == ["a.png", "a.png", "b.png", "c.png"])
  }
}
