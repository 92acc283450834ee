import FastCGI
import Testing

@testable import OpenAIAPI

/// The API's wordings stay as they are; a header says what a newcomer needs to know.
@Suite struct ReasonTests {
  private func reason(_ path: String, _ body: String, _ variables: [String: String] = [:]) throws -> String? {
    let given = CGIParameters(variables.merging(["CONTENT_TYPE": "application/json"]) { $1 })
    let response = try ServiceFixture().send(Request(method: "POST", path: path, variables: given, body: .whole(Array(body.utf8))))
    #expect(response.status >= 400)
    return response.header("X-FakeAI-Reason")
  }

  private static let generations = "/v1/images/generations"
  private static let openAI = ["HTTP_X_FAKEAI_PROFILE": "openai", "HTTP_AUTHORIZATION": "Bearer test"]

  @Test(arguments: [
    ("/images/generations", "did you mean /v1/images/generations?"), ("/v1/v1/images/generations", "did you mean /v1/images/generations?"),
    ("/v1/images/generations/", "did you mean /v1/images/generations?"), ("/v1/images/edit", "did you mean /v1/images/edits?"),
    ("/v1/chat/completions", nil), ("/v1/" + String(repeating: "x", count: 9999), nil),
  ])
  func `an unknown address is answered with the route that was probably meant`(path: String, expected: String?) throws {
    #expect(try reason(path, "{}", Self.openAI) == expected)
  }

  @Test(arguments: [
    ("{'prompt': 'a'}", "line 1, column 2: expected a name in double quotes"),
    ("{\"prompt\": True}", "line 1, column 12: expected a value"),
    ("prompt=a", "line 1, column 1: expected a value"), ("", "line 1, column 1: expected a value"),
  ])
  func `a body that is not JSON is answered with the position of the error`(body: String, expected: String) throws {
    #expect(try reason(Self.generations, body) == expected)
  }

  @Test(arguments: [
    (#"{"model": "gpt-imge-1.5", "prompt": "a"}"#, "did you mean gpt-image-1.5?"),
    (#"{"model": "dall-e-3", "prompt": "a"}"#, "the profile openai-dalle has this model"), (#"{"model": "llama", "prompt": "a"}"#, nil),
    (#"{"model": "gpt-image-1.5", "promt": "a"}"#, "did you mean prompt?"),
    (#"{"model": "gpt-image-1.5", "prompt": "a", "sizes": "auto"}"#, "did you mean size?"),
    (#"{"model": "gpt-image-1.5", "prompt": "a", "steps": 20}"#, nil),
  ])
  func `an unknown model or parameter is answered with a similar one`(body: String, expected: String?) throws {
    #expect(try reason(Self.generations, body, Self.openAI) == expected)
  }

  @Test func `a misspelt prompt is noticed where unknown parameters are ignored`() throws {
    #expect(try reason(Self.generations, #"{"promt": "a"}"#) == "a parameter with a similar name was sent; did you mean prompt?")
    #expect(try reason(Self.generations, #"{"size": "auto"}"#) == nil)
  }
}
