import FastCGI
import OpenAIAPI
import Simulation
import SystemCalls
import Testing

@Suite struct ModerationTests {
  private let fixture: ServiceFixture

  init() throws { fixture = try ServiceFixture() }

  private static let dallE = #""prompt":"a lake","size":"256x256""#
  private static let gpt = dallE + #","model":"gpt-image-2""#

  static let rejected = "Your request was rejected as a result of our safety system. "

  private func blocked(_ request: String, _ fault: String) -> Response {
    fixture.generate("{\(request)}", ["HTTP_X_FAKEAI_FAULT": fault])
  }

  @Test(arguments: ["input", "output", "unknown"])
  func `a GPT model names the stage and the categories`(stage: String) {
    let response = blocked(Self.gpt, "moderation stage=\(stage) categories=self-harm,violence")
    #expect(response.status == 400 && response.header("X-FakeAI-Fault") == "moderation")
    let text = response.text.replacing(/\s+/, with: " ")
    #expect(text.contains("safety_violations=[self-harm, violence].\", \"type\": \"image_generation_user_error\""))
    let details = #""moderation_details": { "moderation_stage": "\#(stage)", "categories": [ "self-harm", "violence" ] }"#
    #expect(text.contains(details), "\(text)")
  }

  @Test(arguments: [
    ("", rejected + "Your prompt may contain text that is not allowed by our safety system."),
    (
      "stage=output",
      rejected + "Image descriptions generated from your prompt may contain text that is not allowed by our safety system. If you believe "
        + "this was done in error, your request may succeed if retried, or by adjusting your prompt."
    ), ("stage=unknown", "This request has been blocked by our content filters."),
  ]) func `DALL·E has other words and names neither`(parameters: String, message: String) {
    let response = blocked(Self.dallE, "moderation categories=hate \(parameters)")
    #expect(response.status == 400)
    #expect(response.text == Response.errorText(message, code: "content_policy_violation"))
  }

  @Test func `images are blocked after the simulated drawing, a prompt is blocked at once`() throws {
    let slow = try ServiceFixture(configuration: .init(latency: .fixed(.seconds(9))))
    func due(_ fault: String) -> Instant? { slow.reply("{\(Self.gpt)}", ["HTTP_X_FAKEAI_FAULT": fault]).due }
    #expect(due("moderation stage=output") != nil)
    #expect(due("moderation stage=input") == nil && due("moderation stage=unknown") == nil && due("moderation") == nil)
  }

  @Test(arguments: 1...3) func `of several images only the blocked one is missing`(image: Int) {
    let request = Self.dallE + #","n":3,"response_format":"b64_json""#
    func files(_ fault: String) -> [Substring] { blocked(request, fault).text.matches(of: /"b64_json": "([^"]*)"/).map(\.output.1) }
    let indices = { (files: [Substring]) in files.map { Set([$0]) } }
    var expected = indices(files("none"))
    expected.remove(at: image - 1)
    #expect(indices(files("moderation image=\(image) stage=output")) == expected)
  }

  @Test func `an only image that is blocked is an error, and one that was not requested is not blocked`() {
    #expect(blocked(Self.gpt, "moderation image=1").text.contains(#""moderation_stage": "output""#))
    let response = blocked(Self.gpt + #","n":2"#, "moderation image=3")
    #expect(response.status == 200 && response.header("X-FakeAI-Fault") == nil)
  }

  /// The names of the events of a stream, and the text of the last one.
  private func events(_ request: String, _ fault: String) -> (names: [Substring], last: String) {
    var parts = [blocked(request + #","stream":true,"partial_images":2"#, fault)]
    while let next = parts.last?.continuation { parts.append(next.perform()) }
    return (parts.compactMap { $0.text.firstMatch(of: /event: ([a-z_.]*)/)?.output.1 }, parts.last?.text ?? "")
  }

  @Test func `a stream ends with the error after its partial images`() {
    let (names, last) = events(Self.gpt, "moderation stage=output categories=illicit")
    #expect(names == ["image_generation.partial_image", "image_generation.partial_image", "error"])
    #expect(last.contains(#""param":null,"moderation_details":{"moderation_stage":"output","categories":["illicit"]}}}"#), "\(last)")
    #expect(events(Self.gpt, "moderation").names == [], "a prompt is refused before the stream begins")
  }

  @Test func `a stream of several images ends with the blocked one`() {
    let (names, last) = events(Self.gpt + #","n":3"#, "moderation image=2")
    let partial = [Substring](repeating: "image_generation.partial_image", count: 2)
    #expect(names == partial + ["image_generation.completed"] + partial + ["error"])
    #expect(last.contains("moderation_blocked"))
  }

  @Test func `a directive and a rule take the same parameters`() {
    let directive = #""prompt":"a lake [[fakeai fault=moderation stage=output categories=sexual,violence]]","model":"gpt-image-2""#
    #expect(fixture.generate("{\(directive)}").text.contains("safety_violations=[sexual, violence]."))
    let rules = #"[{"then":{"fault":"moderation","stage":"output","categories":["hate","illicit"]}}]"#
    let put = Request(method: "PUT", path: "/_fakeai/rules", body: .whole(Array(rules.utf8)))
    #expect(fixture.send(put).status == 200)
    #expect(fixture.generate("{\(Self.gpt)}").text.contains("safety_violations=[hate, illicit]."))
  }

  @Test(arguments: [
    ("moderation stage=middle", "stage=middle", "input, output or unknown"),
    ("moderation categories=nudity", "categories=nudity", "self-harm"),
    ("moderation categories=", "categories=", "sexual"), ("moderation categories=hate,hate", "categories=hate,hate", "each once"),
    ("moderation image=0", "image=0", "from 1 to 10"), ("moderation image=11", "image=11", "from 1 to 10"),
    ("moderation image=1 stage=input", "image=1", "only with stage=output"),
    ("moderation colour=red", "colour=red", "stage, categories, image"),
    ("billing stage=output", "stage=output", "only together with the fault moderation"),
    ("categories=hate", "categories=hate", "only together"),
  ]) func `a parameter that is not valid is refused`(fault: String, named: String, allowed: String) {
    let response = blocked(Self.dallE, fault)
    #expect(response.status == 400 && response.header("X-FakeAI-Fault") == nil)
    let text = response.text
    #expect(text.contains("Invalid value for 'X-FakeAI-Fault': '\(named)'.") && text.contains(allowed), "\(text)")
  }

  @Test func `a block of images does not apply to routes that make none`() {
    let response = fixture.get("/v1/models", ["HTTP_X_FAKEAI_FAULT": "moderation stage=output"])
    #expect(response.status == 200 && response.header("X-FakeAI-Fault") == nil)
    #expect(fixture.get("/v1/models", ["HTTP_X_FAKEAI_FAULT": "moderation"]).status == 400)
  }
}
