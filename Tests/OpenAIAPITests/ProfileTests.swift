import FastCGI
import OpenAIAPI
import Testing

/// The differences between profiles, except for the refusals, which Tests/Conformance/rows.py lists.
@Suite struct ProfileTests {
  @Test(arguments: [
    ("openai", "gpt-image-2", 200), ("openai", "dall-e-3", 404), ("openai", "gpt-image-1", 404), ("openai", "own", 404),
    ("openai-dalle", "dall-e-2", 200), ("openai-dalle", "gpt-image-1", 200), ("openai-dalle", "gpt-image-2", 404),
    ("fakeai", "dall-e-2", 200), ("fakeai", "own", 200), ("fakeai", "org%2Fown", 200),
  ])
  func `a model can be retrieved and deleted where the profile has it`(profile: String, model: String, status: Int) throws {
    let fixture = try ServiceFixture()
    for method in ["GET", "DELETE"] {
      let response = fixture.get("/v1/models/\(model)", method: method, ["HTTP_X_FAKEAI_PROFILE": profile, "HTTP_API_KEY": "any"])
      #expect(response.status == status)
      if status == 404 {
        #expect(response.text == Response.errorText("The model '\(model)' does not exist", param: "model", code: "model_not_found"))
      }
    }
  }

  @Test(arguments: [("/v1/models", "openai", 11), ("/openai/models", "openai-dalle", 3), ("/v1/models", "fakeai", 14)])
  func `a profile lists its models`(path: String, profile: String, count: Int) throws {
    let list = try ServiceFixture().get(path, ["HTTP_X_FAKEAI_PROFILE": profile, "HTTP_API_KEY": "any"])
    #expect(list.text.matches(of: /"object": "model"/).count == count)
  }

  @Test func `the configured profile applies unless a request selects another`() throws {
    let fixture = try ServiceFixture(configuration: .init(profile: .openAI))
    #expect(fixture.generate(#"{"prompt":"A"}"#, ["HTTP_API_KEY": "any"]).status == 400)
    #expect(fixture.generate(#"{"prompt":"A"}"#, ["HTTP_X_FAKEAI_PROFILE": "fakeai"]).status == 200)
  }

  @Test(arguments: [
    ("gpt-image-2", "", "gpt-image-2"), ("my%20deployment", "", "my deployment"), ("x", #","model":"dall-e-3""#, "dall-e-3"),
  ])
  func `Azure's deployment is the model if the body names none`(deployment: String, member: String, model: String) throws {
    let fixture = try ServiceFixture()
    let response = fixture.send(
      Request(
        method: "POST", path: "/openai/deployments/\(deployment)/images/generations", query: "api-version=2025-04-01-preview",
        body: .whole(Array(#"{"prompt":"A","response_format":"url"\#(member)}"#.utf8))))
    let path = try #require(response.text.firstMatch(of: /\/images\/[0-9a-f]{32}\.png/)?.output)
    // The description in the text chunk of the image.
    #expect(fixture.get(String(path)).text.contains("\"model\":\"\(model)\""))
    #expect(response.header("x-request-id") != nil)
  }

  @Test(arguments: ["/openai/deployments//images/generations", "/openai/deployments/a/b/images/generations", "/openai/deployments/a"])
  func `a path without a deployment is not found`(path: String) throws {
    #expect(try ServiceFixture().send(Request(method: "POST", path: path)).status == 404)
  }
}
