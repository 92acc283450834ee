import FastCGI
import OpenAIAPI
import Simulation
import SystemCalls
import Testing

@Suite struct TreatmentTests {
  private let fixture: ServiceFixture

  init() throws { fixture = try ServiceFixture() }

  private static let lake = #"{"prompt":"a lake","size":"256x256"}"#

  private func replace(_ rules: String) {
    let request = Request(method: "PUT", path: "/_fakeai/rules", body: .whole(Array(rules.utf8)))
    #expect(fixture.send(request).status == 200)
  }

  @Test func `a header overrides the prompt, and the prompt overrides the rules`() {
    replace(#"[{"name":"all","then":{"fault":"billing"}}]"#)
    let said = #"{"prompt":"a lake [[fakeai fault=unverified]]","size":"256x256"}"#
    #expect(fixture.generate(Self.lake).status == 400)
    #expect(fixture.generate(said).status == 403)
    #expect(fixture.generate(said, ["HTTP_X_FAKEAI_FAULT": "overloaded"]).status == 503)
    #expect(fixture.generate(said, ["HTTP_X_FAKEAI_FAULT": "none"]).status == 200)
  }

  @Test func `a response names its fault and the rule behind it`() {
    replace(#"[{"name":"all","then":{"fault":"billing"}}]"#)
    let byRule = fixture.generate(Self.lake)
    #expect(byRule.header("X-FakeAI-Fault") == "billing")
    #expect(byRule.header("X-FakeAI-Rule") == "all")
    let byHeader = fixture.generate(Self.lake, ["HTTP_X_FAKEAI_FAULT": "overloaded", "HTTP_X_FAKEAI_LATENCY": "none"])
    #expect(byHeader.header("X-FakeAI-Fault") == "overloaded")
    #expect(byHeader.header("X-FakeAI-Rule") == nil)
    replace("[]")
    #expect(fixture.generate(Self.lake).header("X-FakeAI-Fault") == nil)
  }

  @Test func `an invalid request is refused with its own error`() {
    let response = fixture.generate(#"{"prompt":"a lake","n":99}"#, ["HTTP_X_FAKEAI_FAULT": "server_error"])
    #expect(response.status == 400)
    #expect(response.header("X-FakeAI-Fault") == nil)
  }

  @Test(arguments: [
    ("HTTP_X_FAKEAI_FAULT", "flood", "Invalid value for 'X-FakeAI-Fault': 'fault=flood'. Allowed: none, missing_api_key, "),
    (
      "HTTP_X_FAKEAI_FAULT", "rate_limt",
      "Invalid value for 'X-FakeAI-Fault': 'fault=rate_limt' (did you mean rate_limit?). Allowed: none, "
    ),
    ("HTTP_X_FAKEAI_FAULT", "latncy=2s", "'latncy=2s' (did you mean latency?). Allowed: the names fault, latency, "),
    ("HTTP_X_FAKEAI_FAULT", "moderation stage=ouput", "'stage=ouput' (did you mean output?). Allowed: input, output or unknown."),
    ("HTTP_X_FAKEAI_PROFILE", "opnai", "the header 'X-FakeAI-Profile': 'opnai' (did you mean openai?). Supported values are: "),
    ("HTTP_X_FAKEAI_FAULT", "rate_limit retry_after=soon", "Invalid value for 'X-FakeAI-Fault': 'retry_after=soon'."),
    ("HTTP_X_FAKEAI_LATENCY", "601s", "Invalid value for 'X-FakeAI-Latency': 'latency=601s'."),
    ("HTTP_X_FAKEAI_LATENCY", "1s fault=billing", "Invalid value for 'X-FakeAI-Latency'"),
    ("HTTP_X_FAKEAI_SEED", "-1", "Invalid value for 'X-FakeAI-Seed': '-1'."),
  ]) func `an invalid header is refused`(variable: String, value: String, message: String) {
    let response = fixture.generate(Self.lake, [variable: value])
    #expect(response.status == 400)
    #expect(response.text.contains(message), "\(response.text)")
  }

  @Test func `an invalid directive in a prompt is refused`() {
    let response = fixture.generate(#"{"prompt":"a lake [[fakeai fault=flood]]"}"#)
    #expect(response.status == 400)
    #expect(response.text.contains("Invalid value for 'prompt': 'fault=flood'."))
  }

  @Test func `a delayed response is sent when it is due, with that time as its creation time`() throws {
    let request = Request(
      method: "POST", path: "/v1/images/generations", variables: ["HTTP_X_FAKEAI_LATENCY": "20s"], body: .whole(Array(Self.lake.utf8)))
    let reply = fixture.service.reply(to: request)
    #expect(reply.due == request.arrival + .seconds(20))
    let created = try #require(reply.run().text.firstMatch(of: /"created": (\d+)/)).output.1
    #expect(["1795348819", "1795348820"].contains(created))
  }

  @Test func `a refusal is immediate unless a latency is requested`() throws {
    let slow = try ServiceFixture(configuration: .init(latency: .fixed(.seconds(9))))
    #expect(slow.reply(Self.lake).due != nil)
    #expect(slow.reply(Self.lake, ["HTTP_X_FAKEAI_FAULT": "rate_limit"]).due == nil)
    #expect(slow.reply(Self.lake, ["HTTP_X_FAKEAI_FAULT": "rate_limit latency=1s"]).due != nil)
    #expect(slow.service.reply(to: Request(method: "GET", path: "/v1/models")).due == nil)
  }

  @Test func `a fault without a response has the status that nginx uses for it`() throws {
    let reset = fixture.generate(Self.lake, ["HTTP_X_FAKEAI_FAULT": "reset"])
    #expect(reset.status == 444 && reset.header("X-Accel-Redirect") == "/_reset")
    let timeout = fixture.generate(Self.lake, ["HTTP_X_FAKEAI_FAULT": "timeout"])
    #expect(timeout.status == 504)
    #expect(try #require(timeout.due) - .now > .seconds(620), "later than nginx waits")
  }

  @Test(arguments: [("", "1", "1000"), ("retry_after=2s", "2", "2000"), ("retry_after=1500ms", "2", "1500")])
  func `a rate limit says when to try again`(parameter: String, seconds: String, milliseconds: String) {
    let response = fixture.generate(Self.lake, ["HTTP_X_FAKEAI_FAULT": "rate_limit \(parameter)"])
    #expect(response.status == 429)
    #expect(response.header("Retry-After") == seconds)
    #expect(response.header("retry-after-ms") == milliseconds)
  }

  @Test func `the message and the headers of a rate limit agree`() {
    let limited = fixture.generate(Self.lake, ["HTTP_X_FAKEAI_FAULT": "rate_limit retry_after=1500ms"])
    #expect(limited.text.contains("Limit 5, Used 5, Requested 1. Please try again in 1.5s."))
    let told = limited.headers.filter { $0.name.hasPrefix("x-ratelimit") }.map { "\($0.name): \($0.value)" }
    let images = ["images", "input-images"].flatMap { name in
      [("limit", "5"), ("remaining", "0"), ("reset", "1.5s")].map { "x-ratelimit-\($0)-\(name): \($1)" }
    }
    let requests = [("limit", "1000000"), ("remaining", "1000000"), ("reset", "0ms")].map { "x-ratelimit-\($0)-requests: \($1)" }
    #expect(Set(told) == Set(images + requests) && told.count == 9)
  }

  @Test func `moderation uses the wording of the model`() {
    let headers = ["HTTP_X_FAKEAI_FAULT": "moderation"]
    #expect(fixture.generate(Self.lake, headers).text.contains("content_policy_violation"))
    let gpt = fixture.generate(#"{"prompt":"a lake","model":"gpt-image-2"}"#, headers).text
    #expect(gpt.contains("moderation_blocked") && gpt.contains("\"moderation_stage\": \"input\""))
  }

  @Test func `faults apply to any route of the API, rules to the routes they name`() {
    #expect(fixture.get("/v1/models", ["HTTP_X_FAKEAI_FAULT": "server_error"]).status == 500)
    replace(#"[{"match":{"route":"/images/*"},"then":{"fault":"truncate"}},{"match":{"size":"512x512"},"then":{"fault":"billing"}}]"#)
    #expect(fixture.get("/v1/models").status == 200)
    let path = fixture.imagePath()
    #expect(fixture.get(path).delivery == .truncated(after: fixture.get(path).body.count / 2))
    #expect(fixture.get("/_fakeai/rules", ["HTTP_X_FAKEAI_FAULT": "server_error"]).status == 200)
  }

  @Test func `a stored image can be missing or corrupt when it is fetched`() {
    let path = fixture.imagePath()
    let (whole, etag) = (fixture.get(path), fixture.get(path).header("ETag") ?? "")
    let missing = fixture.get(path, ["HTTP_X_FAKEAI_FAULT": "missing_image"])
    #expect(missing.status == 404 && missing.text.contains("Image not found or expired"))
    #expect(missing.header("X-FakeAI-Fault") == "missing_image")
    let corrupt = fixture.get(path, ["HTTP_X_FAKEAI_FAULT": "corrupt_image"])
    #expect(corrupt.status == 200 && corrupt.body.count == whole.body.count && corrupt.body != whole.body)
    #expect(fixture.get(path, ["HTTP_X_FAKEAI_FAULT": "corrupt_image", "HTTP_IF_NONE_MATCH": etag]).status == 304)
    #expect(fixture.get(path).body == whole.body)
  }

  @Test(arguments: Fault.allCases.filter { $0.kind != .batch }) func `no cache stores a response with a fault`(_ fault: Fault) {
    let path = fixture.imagePath()
    let asked = ["HTTP_X_FAKEAI_FAULT": fault.rawValue]
    let streamed = #"{"prompt":"a lake","size":"256x256","stream":true}"#
    let spoilt = [
      fixture.get(path, asked), fixture.get(path, method: "HEAD", asked), fixture.get("/v1/models", asked),
      fixture.generate(Self.lake, asked),
      fixture.generate(streamed, asked),
      fixture.respond(#"{"model":"gpt-5","input":"a lake","tools":[{"type":"image_generation"}]}"#, asked),
    ].filter { $0.header("X-FakeAI-Fault") != nil }
    #expect(!spoilt.isEmpty)
    for response in spoilt {
      #expect(response.headers.filter { $0.name.lowercased() == "cache-control" }.map(\.value) == ["no-store"])
      #expect([nil, "0"].contains(response.header("Expires")))
    }
    #expect(fixture.get(path).header("Cache-Control")?.hasPrefix("public, max-age=") == true)
  }

  @Test func `the fault none and a latency leave an image cacheable`() {
    for asked in [["HTTP_X_FAKEAI_FAULT": "none"], ["HTTP_X_FAKEAI_LATENCY": "1ms"]] {
      #expect(fixture.get(fixture.imagePath(), asked).header("Cache-Control")?.hasSuffix("immutable") == true)
    }
  }

  @Test(arguments: [("fewer_images", "/images/"), ("generation_failed", "/images/"), ("missing_image", "/v1/models")])
  func `a fault that does not apply is not reported`(fault: String, route: String) {
    let path = route == "/images/" ? fixture.imagePath() : route
    let response = fixture.get(path, ["HTTP_X_FAKEAI_FAULT": fault])
    #expect(response.status == 200 && response.header("X-FakeAI-Fault") == nil)
    #expect(response.body == fixture.get(path).body)
  }

  @Test func `a seed selects the image`() {
    let file = { (seed: String) in
      fixture.generate(#"{"prompt":"a lake","size":"256x256","response_format":"b64_json"}"#, ["HTTP_X_FAKEAI_SEED": seed]).body
    }
    #expect(file("7") == file("7"))
    #expect(file("7") != file("8"))
  }

  @Test func `a directive is not drawn, even if it is the whole prompt`() {
    let told = fixture.generate(#"{"prompt":"a [[fakeai latency=1ms]] lake","size":"256x256","model":"dall-e-3"}"#)
    #expect(told.text.contains(#""revised_prompt": "a lake""#))
    #expect(fixture.generate(#"{"prompt":"[[fakeai latency=1ms]]","size":"256x256"}"#).status == 200)
  }

  @Test func `all faults are listed`() {
    let text = fixture.get("/_fakeai/faults").text
    for fault in Fault.allCases { #expect(text.contains("\"name\": \"\(fault.rawValue)\"")) }
  }
}
