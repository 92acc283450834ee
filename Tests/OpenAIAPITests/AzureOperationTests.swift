import FastCGI
import ImageStore
import Testing
@testable import OpenAIAPI

struct AzureOperationTests {
  private static let path = "/openai/images/generations:submit"

  private func submit(_ fixture: ServiceFixture, _ json: String, _ headers: [String: String] = [:]) -> Response {
    let usual = ["CONTENT_TYPE": "application/json", "HTTP_HOST": "mock.test", "HTTP_API_KEY": "any"]
    return fixture.send(
      Request(
        method: "POST", path: Self.path, query: "api-version=2023-06-01-preview", variables: CGIParameters(usual.merging(headers) { $1 }),
        body: .whole(Array(json.utf8))))
  }

  private func poll(_ fixture: ServiceFixture, _ location: String) -> Response {
    let path = location.split(separator: "?")[0].dropFirst("http://mock.test".count)
    return fixture.get(String(path), ["HTTP_HOST": "mock.test", "HTTP_API_KEY": "any"])
  }

  @Test func `images are accepted at once and there when the simulated time is over`() throws {
    let fixture = try ServiceFixture()
    let accepted = submit(fixture, #"{"prompt": "A lake", "size": "256x256", "n": 2}"#, ["HTTP_X_FAKEAI_LATENCY": "20s"])
    #expect(accepted.status == 202)
    #expect(accepted.text.contains(#""status": "notRunning""#))
    let location = try #require(accepted.header("operation-location"))
    #expect(location.hasSuffix("?api-version=2023-06-01-preview"))
    #expect(poll(fixture, location).text.contains(#""status": "running""#))
    fixture.wait(seconds: 21)
    let finished = poll(fixture, location)
    #expect(finished.text.contains(#""status": "succeeded""#))
    let images = finished.text.matches(of: /http:\/\/mock.test(\/images\/[0-9a-f]{32}\.png)/).map { String($0.output.1) }
    #expect(images.count == 2)
    for image in images { #expect(fixture.get(image).status == 200) }
  }

  @Test func `a refused prompt has no operation`() throws {
    let refusal = submit(try ServiceFixture(), #"{"prompt": ""}"#)
    #expect(refusal.status == 400)
    #expect(refusal.header("operation-location") == nil)
  }

  @Test(arguments: [
    "", "x", "1-2-png", "1-2-exe-00000000000000000000000000000000", "01-2-png-00000000000000000000000000000000", "1-2-png-0",
  ])
  func `an id that no operation has is not found`(id: String) throws {
    #expect(AzureOperation(id: id) == nil)
    #expect(try ServiceFixture().get(AzureOperationEndpoint.path + id).status == 404)
  }

  @Test func `an operation is its id`() {
    let images = (0..<10).map { String(repeating: String($0), count: 32) }
    let operation = AzureOperation(created: 1_795_348_800, due: 1_795_348_821_000, format: .webp, images: images)
    #expect(AzureOperation(id: operation.id) == operation)
    #expect(AzureOperation(id: operation.id + "-" + images[0]) == nil)
  }

  @Test func `today's API does not have it`() throws {
    #expect(submit(try ServiceFixture(), #"{"prompt": "A lake"}"#, ["HTTP_X_FAKEAI_PROFILE": "openai"]).status == 404)
  }
}
