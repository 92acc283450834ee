import FastCGI
import Limits
import Testing
@testable import OpenAIAPI

struct AddressTests {
  @Test(arguments: [
    ("/v1/images/generations", "/v1/images/generations", nil), ("/openai/v1/images/edits", "/v1/images/edits", nil),
    ("/images/edits", "/v1/images/edits", nil), ("/models/dall-e-3", "/v1/models/dall-e-3", nil),
    ("/profiles/openai/v1/models", "/v1/models", "openai"), ("/profiles/openai/openai/v1/models", "/v1/models", "openai"),
    ("/profiles/fakeai/images/generations", "/v1/images/generations", "fakeai"),
    ("/profiles/openai/openai/deployments/d/images/edits", "/openai/deployments/d/images/edits", "openai"),
    ("/images/00.png", "/images/00.png", nil), ("/profiles/openai/images/00.png", "/profiles/openai/images/00.png", nil),
    ("/profiles/openai/_fakeai/stats", "/profiles/openai/_fakeai/stats", nil), ("/profiles/openai", "/profiles/openai", nil),
    ("/openai/models", "/openai/models", nil), ("//v1/models", "//v1/models", nil),
  ])
  func `a path names a route and perhaps a profile`(path: String, route: String, profile: String?) {
    let address = RequestAddress(path)
    #expect(address.path == route)
    #expect(address.profile == profile)
  }

  @Test(arguments: ["/images/generations", "/images/edits", "/images/variations", "/images/upscales"])
  func `only a lenient profile answers a base URL without v1`(path: String) throws {
    let fixture = try ServiceFixture()
    let variables = ["CONTENT_TYPE": "application/json", "HTTP_API_KEY": "any"]
    #expect(fixture.get(path, method: "POST", variables).status != 404)
    for profile in ["openai", "openai-dalle"] {
      let refusal = fixture.get(path, method: "POST", variables.merging(["HTTP_X_FAKEAI_PROFILE": profile]) { $1 })
      #expect(refusal.status == 404)
      #expect(refusal.text.contains("Invalid URL (POST \(path))"))
      #expect(refusal.header("x-request-id") != nil)
    }
  }

  @Test(arguments: ["/v1/images/generations/", "/v1//images/generations", "//v1/images/generations", "/v1/models/"])
  func `superfluous slashes are another address, as in production`(path: String) throws {
    let refusal = try ServiceFixture().get(path, method: "POST")
    #expect(refusal.status == 404)
    #expect(refusal.text.contains("Invalid URL (POST \(path))"))
    #expect(refusal.header("x-request-id") != nil)
    #expect(refusal.header("Access-Control-Allow-Origin") == "*")
  }

  @Test(arguments: ["/v1/nothing", "//v1/images/generations", "/images/generations", "/openai/nothing"])
  func `a page may read that an address is unknown`(path: String) throws {
    // A browser asks before it sends what an SDK sends, and shows the page no error if the answer is one.
    let variables = [
      "HTTP_ORIGIN": "https://app.test", "HTTP_ACCESS_CONTROL_REQUEST_HEADERS": "x-stainless-os", "HTTP_X_FAKEAI_PROFILE": "openai",
    ]
    let preflight = try ServiceFixture().get(path, method: "OPTIONS", variables)
    #expect(preflight.status == 204)
    #expect(preflight.header("Access-Control-Allow-Origin") == "*")
    #expect(preflight.header("Access-Control-Allow-Methods") == "GET, POST, DELETE, OPTIONS")
    #expect(preflight.header("Access-Control-Allow-Headers") == "x-stainless-os")
  }

  @Test func `the profile comes from the header, the address, the key and the setting, in this order`() throws {
    let keys = #"[{"key": "sk-strict", "profile": "openai-dalle"}, {"key": "sk-plain"}]"#
    let keyring = try Keyring(file: Array(keys.utf8), profiles: Profile.allCases.map(\.rawValue))
    let fixture = try ServiceFixture(configuration: .init(keyring: keyring, profile: .fakeai))
    func models(_ path: String, key: String, _ header: String? = nil) -> Int {
      var variables = ["HTTP_API_KEY": key]
      variables["HTTP_X_FAKEAI_PROFILE"] = header
      return fixture.get(path, variables).text.matches(of: /"object": "model"/).count
    }
    let counts = (
      fakeai: ProfileRules.fakeai.models.count, openAI: ProfileRules.openAI.models.count, dallE: ProfileRules.openAIDALLE.models.count
    )
    #expect(models("/v1/models", key: "sk-plain") == counts.fakeai)
    #expect(models("/v1/models", key: "sk-strict") == counts.dallE)
    #expect(models("/profiles/openai/v1/models", key: "sk-strict") == counts.openAI)
    #expect(models("/profiles/openai/v1/models", key: "sk-strict", "fakeai") == counts.fakeai)
    let refusal = fixture.get("/profiles/azure/v1/models", ["HTTP_API_KEY": "sk-plain"])
    #expect(refusal.status == 400)
    #expect(refusal.text.contains("the profile in the path: 'azure'"))
  }

  @Test func `Azure has its models one by one`() throws {
    #expect(try ServiceFixture().get("/openai/models/gpt-image-2").text.contains(#""id": "gpt-image-2""#))
  }
}
