import Drawing
import FastCGI
import Foundation
import Testing

@testable import OpenAIAPI

/// Files of another size than requested, in pixels or in bytes.
@Suite struct RequestedFileTests {
  private let fixture: ServiceFixture

  init() throws { fixture = try ServiceFixture(size: 4 << 20) }

  private func generate(_ members: String, _ headers: [String: String] = [:]) -> Response {
    fixture.generate(#"{"prompt":"a lake","response_format":"b64_json",\#(members)}"#, headers)
  }

  private func files(in text: String) -> [[UInt8]] {
    text.matches(of: /"b64_json": ?"([^"]*)"/).map { Array(Data(base64Encoded: String($0.output.1)) ?? Data()) }
  }

  private static let wrong = ["HTTP_X_FAKEAI_FAULT": "wrong_size"]

  @Test(arguments: [
    ("dall-e-2", "256x256", "512x512"), ("dall-e-2", "1024x1024", "256x256"), ("dall-e-3", "1024x1024", "1792x1024"),
    ("gpt-image-1", "1024x1536", "1536x1024"), ("gpt-image-2", "1024x1024", "1024x1536"), ("gpt-image-2", "1280x720", "1024x1024"),
    ("other", "512x512", "1024x1024"),
  ]) func `a wrong size is another one of the model, in the image and in the response`(model: String, size: String, wrong: String) {
    let response = generate(#""model":"\#(model)","size":"\#(size)","quality":"standard""#, Self.wrong)
    #expect(response.status == 200 && response.header("X-FakeAI-Fault") == "wrong_size")
    let png = files(in: response.text)[0]
    let sides = [16..<20, 20..<24].map { png[$0].reduce(0) { $0 << 8 | Int($1) } }
    #expect("\(sides[0])x\(sides[1])" == wrong)
    #expect(response.text.contains("\"size\": \"\(wrong)\"") == model.hasPrefix("gpt"))
  }

  @Test func `every event of a stream has the wrong size`() {
    var response = generate(#""model":"gpt-image-2","size":"1024x1024","stream":true,"partial_images":1"#, Self.wrong)
    for event in ["partial_image", "completed"] {
      #expect(response.text.contains("event: image_generation.\(event)") && response.text.contains(#""size":"1024x1536""#))
      #expect(files(in: response.text)[0][16..<24].elementsEqual([0, 0, 4, 0, 0, 0, 6, 0]))
      if let next = response.continuation { response = next.perform() }
    }
  }

  @Test func `a model of only one size has no wrong one`() throws {
    let size = try #require(PictureSize(width: 512, height: 512))
    #expect(SizeRule(named: ["512x512"]).other(than: size) == nil)
    #expect(SizeRule(named: ["512x512", "256x256"]).other(than: size) == PictureSize(width: 256, height: 256))
  }

  @Test(arguments: ["png", "jpeg", "webp", "gif", "svg"]) func `an image is padded to the requested bytes`(format: String) {
    let members = #""size":"256x256","model":"gpt-image-2","output_format":"\#(format)","n":2"#
    for file in files(in: generate(members, ["HTTP_X_FAKEAI_BYTES": "300K"]).text) { #expect(file.count == 300 << 10) }
    #expect(files(in: generate(members, ["HTTP_X_FAKEAI_BYTES": "200000"]).text).map(\.count) == [200_000, 200_000])
  }

  @Test func `a stored image is padded, and partial images are not`() throws {
    let url = #"{"prompt":"a lake [[fakeai bytes=1M]]","size":"256x256"}"#
    let path = try #require(fixture.generate(url).text.firstMatch(of: /\/images\/[^"]*/)?.output)
    #expect(fixture.get(String(path)).body.count == 1 << 20)
    var response = generate(#""model":"gpt-image-2","stream":true,"partial_images":1"#, ["HTTP_X_FAKEAI_BYTES": "500000"])
    #expect(files(in: response.text)[0].count < 400_000)
    let next = try #require(response.continuation)
    response = next.perform()
    #expect(files(in: response.text)[0].count == 500_000)
  }

  @Test(arguments: ["1", "100"]) func `an image is never cut`(bytes: String) {
    let members = #""size":"256x256","model":"gpt-image-2","output_format":"jpeg""#
    let file = files(in: generate(members, ["HTTP_X_FAKEAI_BYTES": bytes]).text)[0]
    #expect(file.count > 1000 && file.suffix(2) == [0xff, 0xd9])
  }

  @Test func `a rule and a header set the bytes, and the header takes precedence`() {
    let rules = #"[{"name":"large","then":{"bytes":100000}}]"#
    #expect(fixture.send(Request(method: "PUT", path: "/_fakeai/rules", body: .whole(Array(rules.utf8)))).status == 200)
    let ruled = generate(#""size":"256x256""#)
    #expect(ruled.header("X-FakeAI-Rule") == "large" && files(in: ruled.text)[0].count == 100_000)
    #expect(files(in: generate(#""size":"256x256""#, ["HTTP_X_FAKEAI_BYTES": "90K"]).text)[0].count == 90 << 10)
    #expect(files(in: generate(#""size":"256x256""#, ["HTTP_X_FAKEAI_FAULT": "bytes=80K"]).text)[0].count == 80 << 10)
  }

  @Test(arguments: [
    ("HTTP_X_FAKEAI_BYTES", "0", "'X-FakeAI-Bytes': 'bytes=0'"), ("HTTP_X_FAKEAI_BYTES", "65M", "'bytes=65M'"),
    ("HTTP_X_FAKEAI_BYTES", "67108865", "'bytes=67108865'"), ("HTTP_X_FAKEAI_BYTES", "5MB", "'bytes=5MB'"),
    ("HTTP_X_FAKEAI_BYTES", "-1", "'bytes=-1'"), ("HTTP_X_FAKEAI_BYTES", "1.5M", "'bytes=1.5M'"), ("HTTP_X_FAKEAI_BYTES", "", "'bytes='"),
    ("HTTP_X_FAKEAI_BYTES", "99999999999999999999", "'bytes=99999999999999999999'"), ("HTTP_X_FAKEAI_FAULT", "bytes=big", "'bytes=big'"),
  ]) func `a number of bytes that is not valid is refused`(header: String, value: String, named: String) {
    let response = generate(#""size":"256x256""#, [header: value])
    #expect(response.status == 400 && response.text.contains(named) && response.text.contains("from 1 to 64M"), "\(response.text)")
  }

  @Test func `what the response or the store cannot hold is refused`() {
    let together = generate(#""size":"256x256","n":10"#, ["HTTP_X_FAKEAI_BYTES": "7M"])
    #expect(together.status == 400 && together.text.contains("at most 6710886, because the 10 images"), "\(together.text)")
    let asked = ["HTTP_X_FAKEAI_BYTES": "2M"]
    #expect(fixture.generate(#"{"prompt":"a lake","size":"256x256"}"#, asked).status == 200)
    let stored = fixture.generate(#"{"prompt":"a lake","size":"256x256","n":2}"#, asked)
    #expect(stored.status == 400 && stored.text.contains("FAKEAI_IMAGE_STORE_SIZE"), "\(stored.text)")
    #expect(generate(#""size":"256x256","n":2"#, asked).status == 200, "nothing is stored")
  }

  @Test func `a padded PNG is corrupted where its pixels are`() throws {
    let url = #"{"prompt":"a lake","size":"256x256"}"#
    let text = fixture.generate(url, ["HTTP_X_FAKEAI_BYTES": "1M"]).text
    let path = try #require(text.firstMatch(of: /\/images\/[^"]*/)?.output)
    let whole = fixture.get(String(path)).body
    let corrupt = fixture.get(String(path), ["HTTP_X_FAKEAI_FAULT": "corrupt_image"]).body
    let first = try #require(whole.indices.first { whole[$0] != corrupt[$0] })
    #expect(corrupt.count == whole.count && first < 20_000)
  }
}
