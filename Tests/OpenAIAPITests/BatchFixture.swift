import Answers
import FastCGI
import JSON
import ObjectStore
import SystemCalls
@testable import OpenAIAPI

extension ServiceFixture {
  static let expires = Int64.max - 1

  /// Stores a file as the Files API does.
  /// - Returns: its ID.
  func upload(_ lines: [String]) throws -> String {
    let id = ObjectName.newID("file-", now: service.clock.now())
    let json = #"{"id":"\#(id)","object":"file","bytes":1,"created_at":1,"filename":"a.jsonl","purpose":"batch","status":"processed"}"#
    for (kind, text) in [(ObjectKind.file, json), (.content, lines.joined(separator: "\n"))] {
      _ = try service.objects.put(Array(text.utf8), as: ObjectName(kind, id)!, expires: Self.expires, where: .absent).wait()
    }
    return id
  }

  /// Creates a batch.
  /// - Returns: its ID.
  func createBatch(
    of file: String, endpoint: String = "/v1/images/generations", more: String = "", _ variables: [String: String] = [:]
  ) throws -> String {
    let response = post(
      "/v1/batches", #"{"input_file_id":"\#(file)","endpoint":"\#(endpoint)","completion_window":"24h"\#(more)}"#, variables)
    guard response.status == 200, let id = response.json["id"]?.text else { throw Unexpected(text: response.text) }
    return id
  }

  func batch(_ id: String) -> JSONValue { get("/v1/batches/\(id)").json }

  /// Does what a worker's thread does, until nothing is due.
  func runBatches() {
    let jobs = BatchJobs(of: service)
    jobs.look()
    while jobs.step() { jobs.look() }
  }

  /// The lines of a file.
  func lines(of file: JSONValue?) throws -> [JSONValue] {
    guard let id = file?.text, let content = try service.objects.object(ObjectName(.content, id)!).wait() else { return [] }
    return try content.bytes.split(separator: UInt8(ascii: "\n")).map { try JSONValue(parsing: Array($0)) }
  }

  /// A line that asks for a small image, by URL.
  static func line(_ customID: String, _ more: String = "") -> String {
    let body = #"{"prompt":"A lake","size":"256x256","response_format":"url"\#(more)}"#
    return #"{"custom_id":"\#(customID)","method":"POST","url":"/v1/images/generations","body":\#(body)}"#
  }
}

struct Unexpected: Error { let text: String }
