import FastCGI
import ImageStore
import OpenAIAPI
import Testing

@Suite struct RouteTests {
  @Test(arguments: [
    "/", "/v1", "/v1/", "/v1/foo", "/v1/images/generations/", "/V1/images/generations", "/images/", "/images/a/b.png", "//healthz", "",
  ])
  func `an unknown path is reported as such`(path: String) throws {
    let response = try ServiceFixture().send(Request(method: "POST", path: path))
    #expect(response.status == 404)
    #expect(response.text == Response.errorText("Invalid URL (POST \(path))"))
  }

  @Test(arguments: [
    ("GET", "/v1/images/generations", "POST", "POST"), ("PUT", "/v1/images/generations", "POST", "POST"),
    ("POST", "/images/x.png", "GET", "GET, HEAD, OPTIONS"), ("POST", "/v1/models", "GET", "GET, HEAD"),
    ("POST", "/v1/models/x", "GET and DELETE", "GET, HEAD, DELETE"), ("DELETE", "/healthz", "GET", "GET, HEAD"),
    ("BREW", "/_fakeai/stats", "GET", "GET, HEAD"),
  ])
  func `a wrong method is answered with the right ones`(method: String, path: String, named: String, allow: String) throws {
    let response = try ServiceFixture().send(Request(method: method, path: path))
    #expect(response.status == 405)
    #expect(response.header("Allow") == allow)
    #expect(response.text == Response.errorText("Only \(named) requests are accepted.", code: "method_not_supported"))
  }

  @Test func `the API's answers carry its headers`() throws {
    let fixture = try ServiceFixture()
    let id = "0123456789abcdef0123456789abcdef"
    for response in [fixture.get("/v1/models", ["REQUEST_ID": id]), fixture.get("/v1/nothing", ["REQUEST_ID": id])] {
      #expect(response.header("x-request-id") == "req_" + id)
      #expect(response.header("openai-version") == "2020-10-01")
      #expect(response.header("openai-processing-ms").flatMap { Int($0) } != nil)
      #expect(response.header("openai-organization") != nil && response.header("openai-project") != nil)
      #expect(response.header("x-content-type-options") == "nosniff")
      #expect(response.header("Content-Length") == "\(response.body.count)")
      #expect(response.header("Content-Type") == "application/json")
    }
  }

  @Test func `a request id that nginx did not make is not echoed`() throws {
    let response = try ServiceFixture().get("/v1/models", ["REQUEST_ID": "x\r\ny"])
    #expect(response.header("x-request-id")?.wholeMatch(of: /req_[0-9a-f]{32}/) != nil)
  }

  @Test func `models are listed, and any can be retrieved or deleted`() throws {
    let fixture = try ServiceFixture()
    #expect(fixture.get("/v1/models").text.contains("\"id\": \"dall-e-3\""))
    #expect(fixture.get("/v1/models/gpt-image-1").text.contains("\"shutdown_date\": \"2026-10-23\""))
    #expect(fixture.get("/v1/models/my%20model").text.contains("\"id\": \"my model\""))
    #expect(fixture.get("/v1/models/x", method: "DELETE").text.contains("\"deleted\": true"))
  }

  @Test func `statistics count images, bytes and workers`() throws {
    let fixture = try ServiceFixture()
    let size = fixture.get(fixture.imagePath()).body.count
    let text = fixture.get("/_fakeai/stats").text
    #expect(text.contains("\"total_images\": 1,\n  \"total_size_bytes\": \(size),"))
    #expect(text.contains("\"retention_hours\": 1.0,\n  \"backend\": \"memory\","))
    #expect(text.contains("\"drawn\": 1,\n      \"served\": 1,"))
  }

  @Test func `a worker whose store was removed is not ready`() throws {
    let fixture = try ServiceFixture()
    #expect(fixture.get("/readyz").status == 200)
    SharedMemoryStore.remove(fixture.name)
    #expect(fixture.get("/readyz").status == 503)
    #expect(fixture.get("/healthz").status == 200)
    #expect(fixture.generate(#"{"prompt":"A"}"#).status == 503)
  }
}
