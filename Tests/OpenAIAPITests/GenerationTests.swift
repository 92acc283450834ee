import FastCGI
import Foundation
import JSON
import Testing
@testable import OpenAIAPI

@Suite struct GenerationTests {
  @Test func `an answer holds a URL for each image, as the client addressed nginx`() throws {
    let fixture = try ServiceFixture()
    let response = fixture.generate(#"{"prompt":"A lake","size":"256x256","n":2}"#)
    #expect(response.status == 200)
    let pattern =
      /\{\n  "created": 1795348800,\n  "data": \[\n    \{\n      "url": "http:\/\/mock\.test:8000\/images\/[0-9a-f]{32}\.png",\n      "revised_prompt": "A lake"\n    \},\n    \{\n      "url": "http:\/\/mock\.test:8000\/images\/[0-9a-f]{32}\.png",\n      "revised_prompt": "A lake"\n    \}\n  \]\n\}\n/
    #expect(response.text.wholeMatch(of: pattern) != nil)
  }

  @Test(arguments: [
    ([:], "http://mock.test:8000/images/"), (["HTTP_X_FORWARDED_PROTO": "https"], "https://mock.test:8000/images/"),
    (["REQUEST_SCHEME": "https"], "https://mock.test:8000/images/"),
    (["HTTP_X_FORWARDED_PROTO": "javascript"], "http://mock.test:8000/images/"), (["HTTP_HOST": "[::1]:9"], "http://[::1]:9/images/"),
    (["HTTP_HOST": "a\"b", "SERVER_NAME": "real", "SERVER_PORT": "81"], "http://real:81/images/"),
    (["HTTP_HOST": "a:99999", "SERVER_NAME": "real", "SERVER_PORT": "81"], "http://real:81/images/"),
    (["HTTP_HOST": "a:b:1", "SERVER_NAME": "real", "SERVER_PORT": "81"], "http://real:81/images/"),
    (["HTTP_HOST": "", "SERVER_NAME": "_", "SERVER_PORT": "80"], "http://127.0.0.1/images/"),
  ])
  func `the base of a URL is the requested host, if it is valid`(variables: [String: String], base: String) throws {
    let response = try ServiceFixture().generate(#"{"prompt":"A lake","size":"256x256"}"#, variables)
    #expect(response.text.contains("\"url\": \"\(base)"))
  }

  @Test func `a public URL overrides the client's address`() throws {
    let fixture = try ServiceFixture(configuration: .init(publicURL: "https://pictures.example/mock"))
    #expect(fixture.generate(#"{"prompt":"A lake"}"#).text.contains("\"url\": \"https://pictures.example/mock/images/"))
  }

  @Test func `a stored image is served as it was drawn`() throws {
    let fixture = try ServiceFixture()
    let response = fixture.get(fixture.imagePath())
    #expect(response.status == 200)
    #expect(response.body.starts(with: [0x89, 0x50, 0x4e, 0x47]))
  }

  @Test(arguments: ["gpt-image-1", "gpt-image-2", "chatgpt-image-latest"])
  func `GPT models answer with the image itself, and nothing is stored`(model: String) throws {
    let fixture = try ServiceFixture()
    let response = fixture.generate(#"{"prompt":"A lake","size":"256x256","model":"\#(model)"}"#)
    #expect(response.text.contains("\"b64_json\": \"iVBORw0KGgo"))
    #expect(fixture.get("/_fakeai/stats").text.contains("\"total_images\": 0,"))
  }

  @Test func `an image that is sent as base64 is stored while somebody watches the pool`() throws {
    let fixture = try ServiceFixture()
    for isWatched in [false, true, false] {
      fixture.service.show(inFlight: 0, deferred: 0, streams: isWatched ? 1 : 0)
      let response = fixture.generate(#"{"prompt":"A lake","size":"256x256","model":"gpt-image-1"}"#)
      let id = response.header("X-FakeAI-Images")
      #expect((id != nil) == isWatched)
      guard let id else { continue }
      let stored = fixture.get("/images/\(id).png").body
      #expect(stored.count > 100 && response.text.contains("\"b64_json\": \"\(Data(stored).base64EncodedString())\""))
    }
    #expect(fixture.get("/_fakeai/stats").text.contains("\"total_images\": 1,"))
  }

  @Test func `images of a stream are stored while somebody watches the pool, unless they fail`() throws {
    let fixture = try ServiceFixture()
    fixture.service.show(inFlight: 0, deferred: 0, streams: 1)
    let body = #"{"prompt":"A lake","size":"256x256","model":"gpt-image-1","n":2,"stream":true,"partial_images":1}"#
    let response = fixture.generate(body)
    let ids = response.header("X-FakeAI-Images")?.split(separator: ",") ?? []
    #expect(ids.count == 2)
    for id in ids { #expect(fixture.get("/images/\(id).png").status == 200) }
    let failed = fixture.generate(body, ["HTTP_X_FAKEAI_FAULT": "generation_failed"])
    #expect(failed.status == 200 && failed.header("X-FakeAI-Images") == nil)
  }

  @Test func `a store that refuses new images when it is full keeps none for those who watch`() throws {
    let fixture = try ServiceFixture(evictsWhenFull: false)
    fixture.service.show(inFlight: 0, deferred: 0, streams: 1)
    let response = fixture.generate(#"{"prompt":"A lake","size":"256x256","model":"gpt-image-1"}"#)
    #expect(response.status == 200 && response.header("X-FakeAI-Images") == nil)
  }

  @Test(arguments: [("transparent", 6), ("opaque", 2), ("auto", 2)] as [(String, UInt8)])
  func `only a transparent background gives an alpha channel`(background: String, colourType: UInt8) throws {
    let fixture = try ServiceFixture()
    let answer = fixture.generate(#"{"prompt":"A lake","size":"256x256","background":"\#(background)"}"#)
    let path = try #require(answer.text.firstMatch(of: /\/images\/[0-9a-f]{32}\.png/)?.output)
    // IHDR's colour type (PNG specification, section 11.2.1).
    #expect(fixture.get(String(path)).body[25] == colourType)
  }

  @Test(arguments: [
    #"{"prompt":"A"}"#, #"{"prompt":" "}"#, #"{"prompt":"A\u0000"}"#, #"{"prompt":"A","unknown":[{"x":1}]}"#,
    #"{"prompt":"A","model":null,"n":null}"#,
    #"{"prompt":"A","size":"auto","quality":"auto"}"#, #"{"prompt":"A","model":"anything","style":"natural","quality":"max","user":"u"}"#,
    #"{"prompt":"A","size":"1536x1024"}"#, #"{"prompt":"A","size":"2048x1152"}"#,
    #"{"prompt":"A","background":"opaque","output_format":"png","stream":false}"#,
    #"{"prompt":"A","background":"transparent","output_format":"png"}"#, #"{"prompt":"A","background":"auto"}"#,
  ])
  func `everything that the profile allows is drawn`(json: String) throws {
    #expect(try ServiceFixture().generate(json).status == 200)
  }

  @Test(arguments: refusals)
  func `errors have the API's wording`(refusal: Refusal) throws {
    let response = try ServiceFixture().generate(refusal.json)
    #expect(response.status == 400)
    #expect(response.text == Response.errorText(refusal.message, type: refusal.type, param: refusal.param, code: refusal.code))
  }

  struct Refusal: Sendable {
    var json: String
    var message: String
    var param: String?
    var code: String?
    var type = "invalid_request_error"

    init(_ json: String, _ message: String, _ param: String?, _ code: String?, type: String = "invalid_request_error") {
      (self.json, self.message, self.param, self.code, self.type) = (json, message, param, code, type)
    }
  }

  private static let unreadable =
    "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON. If you have trouble figuring out how to fix this, please contact us through our help center at help.openai.com.)"
  private static let qualities = "'standard', 'hd', 'low', 'medium', 'high', 'auto', 'xhigh', and 'max'"

  static let refusals: [Refusal] =
    ["", "{", "[]", "null", "\"x\"", #"{"prompt":"\ud800"}"#, "{\"prompt\":\"a\nb\"}", String(repeating: "[", count: 100_000)].map {
      Refusal($0, unreadable, nil, nil)
    } + [
      Refusal("{}", "Missing required parameter: 'prompt'.", "prompt", "missing_required_parameter"),
      Refusal(#"{"prompt":null}"#, "Missing required parameter: 'prompt'.", "prompt", "missing_required_parameter"),
      Refusal(
        #"{"prompt":""}"#,
        "Invalid 'prompt': empty string. Expected a string with minimum length 1, but got an empty string instead.", "prompt",
        "empty_string"),
      Refusal(
        #"{"prompt":"\#(String(repeating: "ä", count: 32_001))"}"#,
        "Invalid 'prompt': string too long. Expected a string with maximum length 32000, but got a string with length 32001 instead.",
        "prompt",
        "string_above_max_length"),
      Refusal(#"{"prompt":7}"#, "Invalid type for 'prompt': expected a string, but got an integer instead.", "prompt", "invalid_type"),
      Refusal(
        #"{"prompt":"A","model":{}}"#, "Invalid type for 'model': expected a string, but got an object instead.", "model", "invalid_type"),
      Refusal(
        #"{"prompt":"A","n":0}"#, "Invalid 'n': integer below minimum value. Expected a value >= 1, but got 0 instead.", "n",
        "integer_below_min_value"),
      Refusal(
        #"{"prompt":"A","n":11}"#, "Invalid 'n': integer above maximum value. Expected a value <= 10, but got 11 instead.", "n",
        "integer_above_max_value"),
      Refusal(
        #"{"prompt":"A","n":1.5}"#, "Invalid type for 'n': expected an integer, but got a decimal number instead.", "n", "invalid_type"),
      Refusal(#"{"prompt":"A","n":"two"}"#, "Invalid type for 'n': expected an integer, but got a string instead.", "n", "invalid_type"),
      Refusal(#"{"prompt":"A","n":true}"#, "Invalid type for 'n': expected an integer, but got a boolean instead.", "n", "invalid_type"),
      Refusal(#"{"prompt":"A","n":[1]}"#, "Invalid type for 'n': expected an integer, but got an array instead.", "n", "invalid_type"),
      Refusal(
        #"{"prompt":"A","quality":"ultra"}"#, "Invalid value: 'ultra'. Supported values are: \(qualities).", "quality", "invalid_value"),
      Refusal(
        #"{"prompt":"A","quality":3}"#,
        "Invalid type for 'quality': expected one of 'standard', 'hd', 'low', 'medium', 'high', 'auto', 'xhigh', or 'max', but got an integer instead.",
        "quality", "invalid_type"),
      Refusal(
        #"{"prompt":"A","style":"loud"}"#, "Invalid value: 'loud'. Supported values are: 'vivid' and 'natural'.", "style", "invalid_value"),
      Refusal(
        #"{"prompt":"A","size":"999x9999"}"#, "Invalid size '999x9999'. \(LenientSize.rule)", "size", "invalid_value",
        type: "image_generation_user_error"),
      Refusal(
        #"{"prompt":"A","size":"0x0"}"#, "Invalid size '0x0'. \(LenientSize.rule)", "size", "invalid_value",
        type: "image_generation_user_error"),
      Refusal(
        #"{"prompt":"A","size":1024}"#, "Invalid type for 'size': expected a string, but got an integer instead.", "size", "invalid_type"),
      Refusal(
        #"{"prompt":"A","response_format":"gif"}"#, "Invalid value: 'gif'. Supported values are: 'url' and 'b64_json'.", "response_format",
        "invalid_value"),
      Refusal(
        #"{"prompt":"A","user":1}"#, "Invalid type for 'user': expected a string, but got an integer instead.", "user", "invalid_type"),
      Refusal(
        #"{"prompt":"A","stream":"yes"}"#, "Invalid type for 'stream': expected a boolean, but got a string instead.", "stream",
        "invalid_type"),
      // Checks the order of errors: n before size, size before the rest.
      Refusal(
        #"{"prompt":"A","size":"1x1","n":0,"user":1}"#,
        "Invalid 'n': integer below minimum value. Expected a value >= 1, but got 0 instead.",
        "n", "integer_below_min_value"),
    ]

  @Test func `a content type other than JSON is refused`() throws {
    let response = try ServiceFixture().generate(#"{"prompt":"A"}"#, ["CONTENT_TYPE": "text/plain"])
    #expect(response.status == 400)
    #expect(
      response.text
        == Response.errorText(
          "Unsupported content type: 'text/plain'. This API method only accepts 'application/json' requests, but you specified the header 'Content-Type: text/plain'. Please try again with a supported content type.",
          code: "unsupported_content_type"))
  }

  @Test func `an incomplete body is refused`() throws {
    let fixture = try ServiceFixture()
    let post = { (body: Request.Body) in fixture.send(Request(method: "POST", path: "/v1/images/generations", body: body)).status }
    #expect(post(.incomplete(received: 3, announced: 9)) == 400)
    #expect(post(.tooLarge(announced: 9, limit: 3)) == 413)
    #expect(post(.lengthUnreadable("x")) == 400)
  }

  @Test func `a full store that must not evict answers 507`() throws {
    let fixture = try ServiceFixture(size: 128 << 10, evictsWhenFull: false)
    let statuses = (0..<40).map { _ in fixture.generate(#"{"prompt":"A lake","size":"512x512"}"#).status }
    #expect(Set(statuses) == [200, 507])
    #expect(statuses.last == 507)
  }

  @Test func `an image larger than the whole store answers 413`() throws {
    let fixture = try ServiceFixture(size: 32 << 10)
    let response = fixture.generate(#"{"prompt":"A lake","size":"1024x1024","quality":"hd"}"#)
    #expect(response.status == 413)
    #expect(response.text.contains("\"code\": \"image_too_large\""))
  }

  @Test func `with actual images off, URLs are made up and nothing is drawn`() throws {
    let fixture = try ServiceFixture(configuration: .init(drawsImages: false))
    let response = fixture.generate(#"{"prompt":"A lake","n":2}"#)
    #expect(response.text.matches(of: /"https:\/\/simulated-openai-images\.example\.com\/[0-9a-f]{32}\.png"/).count == 2)
    #expect(fixture.generate(#"{"prompt":"A lake","response_format":"b64_json"}"#).text.contains("\"b64_json\": \"iVBORw0KGgo"))
    let image = fixture.get("/images/0000000000008abc8def0123456789ab.png")
    #expect(image.status == 404 && image.text.contains("FAKEAI_GENERATE_ACTUAL_IMAGES=true"))
  }

  @Test(arguments: [true, false]) func `the renderer gets only requests for which something is drawn`(draws: Bool) throws {
    let fixture = try ServiceFixture(configuration: .init(drawsImages: draws))
    let body = Array(#"{"prompt":"A lake","size":"256x256"}"#.utf8)
    let variables: CGIParameters = ["CONTENT_TYPE": "application/json"]
    let request = Request(method: "POST", path: "/v1/images/generations", variables: variables, body: .whole(body))
    let isRendered =
      switch fixture.service.reply(to: request).action {
      case .render: true
      case .respond, .wait: false
      }
    #expect(isRendered == draws)
  }
}
