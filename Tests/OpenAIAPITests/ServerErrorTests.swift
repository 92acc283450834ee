import FastCGI
import Logging
import Synchronization
import Testing

@testable import ImageGeneration
@testable import OpenAIAPI

/// Records log messages.
private final class Log: Sendable {
  private let kept = Mutex<[String]>([])

  var lines: [String] { kept.withLock { $0 } }

  func keep(_ line: String) { kept.withLock { $0.append(line) } }
}

private struct Handler: LogHandler {
  let log: Log
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.info

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) { log.keep("\(event.level): \(event.message)") }
}

@Suite struct ServerErrorTests {
  @Test func `a 500 left no trace of its reason`() throws {
    let log = Log()
    let fixture = try ServiceFixture(logger: Logger(label: "test") { _ in Handler(log: log) })
    let request = Request(
      method: "POST", path: "/v1/images/generations", variables: ["REQUEST_ID": "0123456789abcdef0123456789abcdef"])
    let context = RequestContext(request, fixture.service)
    let error = context.serverError(because: ImageGenerationError.encodingFailed(reason: "PNG: no memory"))
    #expect(error == .serverError)
    #expect(
      log.lines == ["error: request req_0123456789abcdef0123456789abcdef: the image could not be encoded: PNG: no memory"])
  }
}
