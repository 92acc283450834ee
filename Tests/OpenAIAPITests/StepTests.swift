import FastCGI
import Testing

@testable import OpenAIAPI

@Suite struct StepTests {
  @Test(arguments: [1, 2, 5]) func `each image of a request is a step of its own`(count: Int) throws {
    let fixture = try ServiceFixture()
    let body = #"{"prompt":"A lake","size":"256x256","n":\#(count)}"#
    let reply = fixture.service.reply(
      to: Request(
        method: "POST", path: "/v1/images/generations", variables: ["CONTENT_TYPE": "application/json"], body: .whole(Array(body.utf8))))
    guard case .render(let work) = reply.action else { throw APIError.serverError }
    #expect(work.stepCount == count)
  }

  @Test func `a request that names where else it may go is passed on without being counted`() throws {
    let service = try ServiceFixture().service
    var request = Request(method: "POST", path: "/v1/images/edits", variables: ["FAKEAI_ELSEWHERE": "@elsewhere"])
    #expect(service.redirectElsewhere(request)?.header("X-Accel-Redirect") == "@elsewhere")
    for (method, path) in [("GET", "/v1/models"), ("GET", "/images/x.png"), ("PUT", "/_fakeai/rules"), ("POST", "/readyz")] {
      (request.method, request.path) = (method, path)
      #expect(service.redirectElsewhere(request) == nil)
    }
    #expect(service.redirectElsewhere(Request(method: "POST", path: "/v1/images/edits")) == nil)
    #expect(
      service.redirectElsewhere(Request(method: "POST", path: "/v1/images/edits", variables: ["HTTP_FAKEAI_ELSEWHERE": "@again"])) == nil)
  }
}

extension Work {
  /// Number of steps that the work takes.
  fileprivate var stepCount: Int {
    var (count, step) = (1, begin())
    while case .unfinished(let next) = step { (count, step) = (count + 1, next()) }
    return count
  }
}
