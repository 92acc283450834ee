import FastCGI
import Logging
import Testing

@testable import ImageGeneration
@testable import OpenAIAPI

@Suite struct ServerErrorTests {
  @Test func `a 500 left no trace of its reason`() throws {
    let log = TestLog()
    let fixture = try ServiceFixture(logger: log.logger)
    let request = Request(
      method: "POST", path: "/v1/images/generations", variables: ["REQUEST_ID": "0123456789abcdef0123456789abcdef"])
    let context = RequestContext(request, fixture.service)
    let error = context.serverError(because: ImageGenerationError.encodingFailed(reason: "PNG: no memory"))
    #expect(error == .serverError)
    #expect(
      log.lines == ["error: request req_0123456789abcdef0123456789abcdef: the image could not be encoded: PNG: no memory"])
  }
}
