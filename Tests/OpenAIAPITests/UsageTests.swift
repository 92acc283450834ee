import FastCGI
import JSON
import Testing

@testable import OpenAIAPI

@Suite struct UsageTests {
  private let fixture: ServiceFixture

  init() throws { fixture = try ServiceFixture() }

  private func usage(_ query: String) -> Response {
    fixture.send(Request(method: "GET", path: "/v1/organization/usage/images", query: query))
  }

  /// The results of the only bucket.
  private func results(_ query: String) -> [JSONValue] {
    if case .array(let results)? = usage(query).json["data"]?[0]?["results"] { results } else { [] }
  }

  @Test func `requests and images are counted, failed ones are not`() {
    #expect(results("start_time=0").isEmpty)
    _ = fixture.generate(#"{"prompt":"A lake","size":"256x256","n":2}"#)
    _ = fixture.generate(#"{"prompt":"A lake","size":"256x256","n":0}"#)
    let result = results("start_time=0")
    #expect(result.count == 1 && result[0]["images"] == .integer(2) && result[0]["num_model_requests"] == .integer(1))
    #expect(result[0]["object"] == .string("organization.usage.images.result") && result[0]["source"] == .null)
  }

  @Test func `by source, images are known only if one source has any`() {
    _ = fixture.generate(#"{"prompt":"A lake","size":"256x256","n":2}"#)
    #expect(results("start_time=0&group_by[]=source").map { $0["images"] } == [.integer(2)])
    let edit = #"{"prompt":"A lake","size":"256x256","images":[{"image_url":"https://example.com/a.png"}]}"#
    #expect(fixture.post("/v1/images/edits", edit).status == 200)
    let both = results("start_time=0&group_by=source")
    #expect(both.map { $0["source"] } == [.string("image.generation"), .string("image.edit")])
    #expect(both.allSatisfy { $0["images"] == .null && $0["num_model_requests"] == .integer(1) })
    #expect(results("start_time=0&sources=image.edit").map { $0["num_model_requests"] } == [.integer(1)])
  }

  @Test func `a period that is over has no results`() {
    _ = fixture.generate(#"{"prompt":"A lake","size":"256x256"}"#)
    #expect(results("start_time=0&end_time=1").isEmpty && results("start_time=0&end_time=9999999999").count == 1)
  }

  @Test(arguments: ["", "start_time=x", "start_time=-1", "start_time=0&bucket_width=1y", "start_time=0&group_by=colour"])
  func `a query that is not valid is refused`(query: String) { #expect(usage(query).status == 400) }
}
