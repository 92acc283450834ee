import FastCGI
import OpenAIAPI
import Limits
import Testing

@Suite struct AccountTests {
  private static let keys = """
    [{"key": "sk-good-key-12345"}, {"key": "sk-poor-key-12345", "state": "quota"}, {"key": "sk-bill-key-12345", "state": "billing"},
     {"key": "sk-unve-key-12345", "state": "unverified"}, {"key": "sk-limi-key-12345", "state": "limited", "tier": 1},
     {"key": "sk-gone-key-12345", "state": "unknown"}, {"key": "sk-five-key-12345", "images_per_minute": 5}]
    """

  private static func fixture(limits: [RateLimitKind: Int] = [:]) throws -> ServiceFixture {
    try ServiceFixture(configuration: .init(drawsImages: false, keyring: Keyring(file: Array(keys.utf8))), limits: limits)
  }

  private static func generate(_ key: String, on fixture: ServiceFixture, n: Int = 1, model: String = "gpt-image-2") -> Response {
    fixture.generate(#"{"prompt":"A","model":"\#(model)","n":\#(n)}"#, ["HTTP_AUTHORIZATION": "Bearer sk-\(key)-key-12345"])
  }

  @Test func `without configured keys, any key or none is accepted`() throws {
    let fixture = try ServiceFixture(configuration: .init(drawsImages: false))
    #expect(fixture.generate(#"{"prompt":"A"}"#).status == 200)
    #expect(Self.generate("any", on: fixture).status == 200)
  }

  @Test(arguments: [
    [:], ["HTTP_AUTHORIZATION": ""], ["HTTP_AUTHORIZATION": "Bearer"], ["HTTP_AUTHORIZATION": "Bearer  "],
    ["HTTP_AUTHORIZATION": "Token sk-good-key-12345"], ["HTTP_AUTHORIZATION": "Basic bm9jb2xvbg=="], ["HTTP_API_KEY": ""],
  ])
  func `a request without a key is refused with an explanation`(variables: [String: String]) throws {
    let fixture = try Self.fixture()
    for response in [fixture.generate(#"{"prompt":"A"}"#, variables), fixture.get("/v1/models", variables)] {
      #expect(response.status == 401)
      #expect(
        response.text
          == Response.errorText(
            "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY), or as the password field (with blank username) if you're accessing the API from your browser and are prompted for a username and password. You can obtain an API key from https://platform.openai.com/account/api-keys."
          ))
    }
  }

  @Test(arguments: [
    ["HTTP_AUTHORIZATION": "Bearer sk-good-key-12345"], ["HTTP_AUTHORIZATION": "bearer   sk-good-key-12345 "],
    ["HTTP_API_KEY": "sk-good-key-12345"],
    // ":sk-good-key-12345"
    ["HTTP_AUTHORIZATION": "Basic OnNrLWdvb2Qta2V5LTEyMzQ1"],
  ])
  func `a key may come in each of three ways`(variables: [String: String]) throws {
    #expect(try Self.fixture().generate(#"{"prompt":"A"}"#, variables).status == 200)
  }

  @Test(arguments: [("fakeai", 200), ("openai", 401), ("openai-dalle", 401)])
  func `the real API's profiles require a key but accept any`(profile: String, status: Int) throws {
    let fixture = try ServiceFixture()
    #expect(fixture.get("/v1/models", ["HTTP_X_FAKEAI_PROFILE": profile]).status == status)
    #expect(fixture.get("/v1/models", ["HTTP_X_FAKEAI_PROFILE": profile, "HTTP_API_KEY": "any"]).status == 200)
  }

  @Test func `the limit of DALL·E has another name`() throws {
    let response = try Self.generate("limi", on: Self.fixture(), model: "dall-e-3")
    #expect(response.text.contains("Rate limit reached for dall-e-3 in organization org-fakeai on images per min:"))
    #expect(response.text.contains(#""type": "images""#))
  }

  @Test(arguments: [("nope", "sk-nop***345"), ("gone", "sk-gon***345")])
  func `a wrong key is masked, and its response has no limits`(key: String, masked: String) throws {
    let response = try Self.generate(key, on: Self.fixture())
    #expect(response.status == 401)
    #expect(
      response.text
        == Response.errorText(
          "Incorrect API key provided: \(masked). You can find your API key at https://platform.openai.com/account/api-keys.",
          code: "invalid_api_key"))
    #expect(!response.headers.contains { $0.name.hasPrefix("x-ratelimit") })
  }

  @Test func `routes outside of the API need no key`() throws {
    let fixture = try Self.fixture()
    #expect(["/healthz", "/readyz", "/_fakeai/stats"].map { fixture.get($0).status } == [200, 200, 200])
  }

  @Test func `the state of an account is reported in the API's wording, after errors of the request`() throws {
    let fixture = try Self.fixture()
    let answers = [
      (
        "poor", 429,
        Response.errorText(
          "You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.",
          type: "insufficient_quota", code: "insufficient_quota")
      ),
      ("bill", 400, Response.errorText("Billing hard limit has been reached", code: "billing_hard_limit_reached")),
      (
        "unve", 403,
        Response.errorText(
          "Your organization must be verified to use the model `gpt-image-2`. Please go to: https://platform.openai.com/settings/organization/general and click on Verify Organization. If you just verified, it can take up to 15 minutes for access to propagate."
        )
      ),
      (
        "limi", 429,
        Response.errorText(
          "Rate limit reached for gpt-image-2 (for limit gpt-image) in organization org-fakeai on input-images per min: Limit 5, Used 5, Requested 1. Please try again in 12s. Visit https://platform.openai.com/account/rate-limits to learn more.",
          type: "input-images", code: "rate_limit_exceeded")
      ),
    ]
    for (key, status, text) in answers {
      let response = Self.generate(key, on: fixture)
      #expect(response.status == status)
      #expect(response.text == text)
      #expect(Self.generate(key, on: fixture, n: 0).text.contains("integer_below_min_value"))
      #expect(fixture.get("/v1/models", ["HTTP_AUTHORIZATION": "Bearer sk-\(key)-key-12345"]).status == 200)
    }
  }

  @Test func `a limit admits its units, says when to try again, and admits again then`() throws {
    let fixture = try Self.fixture()
    #expect(Self.generate("five", on: fixture, n: 4).status == 200)
    let refused = Self.generate("five", on: fixture, n: 3)
    #expect(refused.status == 429)
    #expect(refused.text.contains("on input-images per min: Limit 5, Used 4, Requested 3. Please try again in 24s."))
    #expect(refused.header("Retry-After") == "24" && refused.header("retry-after-ms") == "24000")
    fixture.wait(seconds: 23)
    #expect(Self.generate("five", on: fixture, n: 3).status == 429)
    fixture.wait(seconds: 1)
    #expect(Self.generate("five", on: fixture, n: 3).status == 200)
  }

  @Test(arguments: [(1, "1", "1"), (1000, "1", "1000"), (1001, "2", "1001"), (11_859, "12", "11859")])
  func `the time to try again is never too early`(milliseconds: Int, seconds: String, exactly: String) {
    let response = APIError(429, "", retryAfter: .milliseconds(milliseconds) - .nanoseconds(1)).response
    #expect(response.header("Retry-After") == seconds)
    #expect(response.header("retry-after-ms") == exactly)
  }

  @Test func `each response of the API reports the limits`() throws {
    let fixture = try Self.fixture(limits: [.requests: 60])
    let limits = { (response: Response) in
      response.headers.filter { $0.name.hasPrefix("x-ratelimit-") }.map { "\($0.name.dropFirst("x-ratelimit-".count)) \($0.value)" }
    }
    #expect(
      limits(Self.generate("five", on: fixture, n: 2)) == [
        "limit-requests 60", "remaining-requests 59", "reset-requests 1s", "limit-images 5", "remaining-images 3", "reset-images 24s",
        "limit-input-images 5", "remaining-input-images 3", "reset-input-images 24s",
      ])
    #expect(
      limits(fixture.get("/v1/models", ["HTTP_API_KEY": "sk-good-key-12345"])) == [
        "limit-requests 60", "remaining-requests 59", "reset-requests 1s", "limit-images 1000000", "remaining-images 1000000",
        "reset-images 0ms", "limit-input-images 1000000", "remaining-input-images 1000000", "reset-input-images 0ms",
      ])
    #expect(limits(fixture.get("/healthz")).isEmpty)
  }

  @Test func `invalid parameters take no units, a refusal of images counts as a request`() throws {
    let fixture = try Self.fixture(limits: [.requests: 60])
    let remaining = { (response: Response) in response.header("x-ratelimit-remaining-requests") }
    #expect(remaining(Self.generate("five", on: fixture, n: 11)) == "60")
    #expect(remaining(Self.generate("five", on: fixture, n: 6)) == "59")
    #expect(remaining(Self.generate("five", on: fixture, n: 5)) == "58")
  }

  @Test(
    arguments: [
      (0, "0ms"), (1, "1ms"), (120_000_000, "120ms"), (999_999_999, "1s"), (1_000_000_000, "1s"), (12_000_000_000, "12s"),
      (58_891_000_000, "58.891s"), (58_890_000_001, "58.891s"), (1_500_000_000, "1.5s"), (1_050_000_000, "1.05s"),
      (60_000_000_000, "1m0s"), (360_000_000_000, "6m0s"), (90_500_000_000, "1m30.5s"), (-1, "0ms"),
    ] as [(Int64, String)])
  func `the time until a limit resets has the API's format`(nanoseconds: Int64, text: String) {
    #expect(Duration.nanoseconds(nanoseconds).briefText == text)
  }
}
