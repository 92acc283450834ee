import Drawing
import FastCGI
import SystemCalls
import Testing

import JSON

@testable import OpenAIAPI

@Suite struct StreamTests {
  /// Follows a response to its end, as the loop does.
  private static func events(_ response: Response) -> [String] {
    var (events, next) = ([response.text], response.continuation)
    while let part = next?.perform() {
      events.append(part.text)
      next = part.continuation
    }
    return events
  }

  private static func request(_ json: [String: ParameterValue]) throws -> ImageRequest {
    try ImageRequest(.generation, Parameters(json.merging(["prompt": .string("A lake"), "stream": .boolean(true)]) { $1 }), .fakeai)
  }

  @Test(arguments: 0...3)
  func `events come in order, with their members in the API's`(partialImages: Int) throws {
    let request = try Self.request(["partial_images": .integer(partialImages), "user": .string("me")])
    let stream = ImageStream(request: request, clock: { 7 }) { index, completeness in "\(index)-\(completeness)" }
    let told = #""size":"1024x1024","quality":"medium","background":"opaque","output_format":"png""#
    let partials = (0..<partialImages).map { index in
      let type = "image_generation.partial_image"
      let picture = "0-\(RenderStage.partial(index, of: partialImages))"
      return #"""
        event: \#(type)
        data: {"type":"\#(type)","partial_image_index":\#(index),"b64_json":"\#(picture)","created_at":7,\#(told)}


        """#
    }
    let output = 1056 + 100 * partialImages
    let input = #""input_tokens":2,"input_tokens_details":{"image_tokens":0,"text_tokens":2}"#
    let usage = #"{\#(input),"output_tokens":\#(output),"total_tokens":\#(output + 2)}"#
    let completed = #"""
      event: image_generation.completed
      data: {"type":"image_generation.completed","b64_json":"0-finished","created_at":7,"usage":\#(usage),\#(told),"safety_identifier":"me"}


      """#
    #expect(Self.events(try stream.response()) == partials + [completed])
  }

  @Test func `several images come one after the other`() throws {
    let request = try Self.request(["partial_images": .integer(1), "n": .integer(2)])
    let stream = ImageStream(request: request, clock: { 7 }) { index, completeness in "\(index)-\(completeness == .finished)" }
    let pictures = Self.events(try stream.response()).compactMap { $0.firstMatch(of: /"b64_json":"([^"]*)"/)?.output.1 }
    #expect(pictures == ["0-false", "0-true", "1-false", "1-true"])
  }

  @Test func `an image that cannot be drawn ends the stream with the API's error`() throws {
    let request = try Self.request(["partial_images": .integer(2)])
    let stream = ImageStream(request: request, clock: { 7 }) { _, completeness throws(APIError) in
      if completeness == .partial(1, of: 2) { throw .serverError }
      return "picture"
    }
    let events = Self.events(try stream.response())
    #expect(events.count == 2)
    let (type, code) = ("image_generation_server_error", "image_generation_failed")
    #expect(
      events.last == #"""
        event: error
        data: {"type":"error","error":{"type":"\#(type)","code":"\#(code)","message":"Image generation failed","param":null}}


        """#)
  }

  @Test func `a stream whose first event cannot be drawn is refused`() throws {
    let stream = ImageStream(request: try Self.request([:]), clock: { 7 }) { _, _ throws(APIError) in throw .serverError }
    #expect(throws: APIError.serverError) { try stream.response() }
  }

  @Test func `events are spread over the duration of the stream`() throws {
    let start = Instant.now
    let request = try Self.request(["partial_images": .integer(3)])
    let stream = ImageStream(request: request, clock: { 7 }, draw: { _, _ in "" }, duration: .seconds(8), start: start)
    var (dues, next) = ([Duration](), Optional(try stream.response()))
    while let part = next {
      dues.append(try #require(part.due) - start)
      next = part.continuation?.perform()
    }
    #expect(dues == [.seconds(2), .seconds(4), .seconds(6), .seconds(8)])
  }

  @Test func `a stream has a content type, no length, and disables nginx's buffering`() throws {
    let response = try ServiceFixture().generate(#"{"prompt":"A lake","stream":true,"partial_images":1}"#)
    #expect(response.status == 200)
    #expect(response.header("Content-Type") == "text/event-stream")
    #expect(response.header("Content-Length") == nil)
    #expect(response.header("X-Accel-Buffering") == "no")
    #expect(response.header("x-request-id") != nil)
    #expect(Self.events(response).count == 2)
  }
}
