import Answers
import FastCGI
import JSON
import Limits
import ObjectStore
import Simulation
import SystemCalls
import Testing
@testable import OpenAIAPI

@Suite struct BatchTests {
  private let fixture: ServiceFixture

  init() throws { fixture = try ServiceFixture() }

  private static let three = ["a", "b", "c"].map { ServiceFixture.line($0) }

  private func numbers(_ batch: JSONValue) -> [Int?] { ["total", "completed", "failed"].map { batch["request_counts"]?[$0]?.number } }

  // MARK: The way of a batch

  @Test func `a batch performs each line and writes its output as a file`() throws {
    let id = try fixture.createBatch(of: fixture.upload(Self.three), more: #","metadata":{"k":"v"}"#)
    let created = fixture.batch(id)
    #expect(created["status"] == .string("validating") && created["output_file_id"] == .null && numbers(created) == [0, 0, 0])
    fixture.runBatches()
    let batch = fixture.batch(id)
    #expect(batch["status"] == .string("completed") && numbers(batch) == [3, 3, 0])
    #expect(batch["error_file_id"] == .null && batch["errors"] == .null && batch["metadata"]?["k"] == .string("v"))
    for moment in ["in_progress_at", "finalizing_at", "completed_at"] { #expect(batch[moment]?.number == batch["created_at"]?.number) }
    #expect(batch["expires_at"]?.number == batch["created_at"]?.number.map { $0 + 86_400 })
    let lines = try fixture.lines(of: batch["output_file_id"])
    #expect(lines.map { $0["custom_id"]?.text } == ["a", "b", "c"])
    #expect(lines.allSatisfy { $0["response"]?["status_code"] == .integer(200) && $0["error"] == .null })
    #expect(Set(lines.map { $0["id"]?.text }).count == 3)
    let url = try #require(lines[0]["response"]?["body"]?["data"]?[0]?["url"]?.text)
    #expect(url.hasPrefix("http://mock.test:8000/images/"))
    #expect(fixture.get(String(url.dropFirst("http://mock.test:8000".count))).status == 200)
  }

  @Test func `lines whose results the store has lost are performed again`() throws {
    let id = try fixture.createBatch(of: fixture.upload(Self.three))
    let objects = fixture.service.objects
    let jobs = BatchJobs(of: fixture.service)
    jobs.look()
    while try objects.ids(of: .line, prefix: "").wait().count < 3 { #expect(jobs.step()) }
    // As a fail-over to a replica may do that did not have them yet.
    for line in 1...2 { #expect(try objects.remove(ObjectName(.line, Batch.resultID(id, line: line))!).wait()) }
    while jobs.step() {}
    let batch = fixture.batch(id)
    #expect(batch["status"] == .string("completed") && numbers(batch) == [3, 3, 0])
    #expect(try fixture.lines(of: batch["output_file_id"]).map { $0["custom_id"]?.text } == ["a", "b", "c"])
  }

  @Test func `the output is a file object of its own`() throws {
    let id = try fixture.createBatch(
      of: fixture.upload(Self.three), more: #","output_expires_after":{"anchor":"created_at","seconds":3600}"#)
    fixture.runBatches()
    let output = try #require(fixture.batch(id)["output_file_id"]?.text)
    let content = try #require(try fixture.service.objects.object(ObjectName(.content, output)!).wait())
    let file = try JSONValue(parsing: #require(try fixture.service.objects.object(ObjectName(.file, output)!).wait()).bytes)
    #expect(file["bytes"]?.number == content.bytes.count && file["purpose"] == .string("batch_output"))
    #expect(file["expires_at"]?.number == file["created_at"]?.number.map { $0 + 3600 })
  }

  @Test func `lines that fail are in the error file, and a file without lines does not exist`() throws {
    let bad = ServiceFixture.line("bad", #","n":99"#)
    let mixed = try fixture.createBatch(of: fixture.upload([Self.three[0], bad]))
    let hopeless = try fixture.createBatch(of: fixture.upload([bad]))
    fixture.runBatches()
    let batch = fixture.batch(mixed)
    #expect(numbers(batch) == [2, 1, 1])
    let errors = try fixture.lines(of: batch["error_file_id"])
    #expect(errors.map { $0["custom_id"]?.text } == ["bad"] && errors.first?["response"]?["status_code"] == .integer(400))
    #expect(errors.first?["response"]?["body"]?["error"]?["param"] == .string("n"))
    #expect(try fixture.lines(of: batch["output_file_id"]).count == 1)
    #expect(fixture.batch(hopeless)["status"] == .string("completed") && fixture.batch(hopeless)["output_file_id"] == .null)
  }

  @Test func `usage is the sum of all lines`() throws {
    let lines = ["a", "b"].map { ServiceFixture.line($0, #","model":"gpt-image-2""#) }
    let id = try fixture.createBatch(of: fixture.upload(lines))
    fixture.runBatches()
    let batch = fixture.batch(id)
    let each = try fixture.lines(of: batch["output_file_id"]).compactMap { $0["response"]?["body"]?["usage"]?["output_tokens"]?.number }
    #expect(each.count == 2 && each[0] > 0 && batch["usage"]?["output_tokens"]?.number == each[0] + each[1])
    #expect(batch["usage"]?["input_tokens_details"]?["cached_tokens"] == .integer(0))
    #expect(batch["model"] == .string("gpt-image-2"))
  }

  @Test func `a request to stream fails by itself, and stream false is no such request`() throws {
    let id = try fixture.createBatch(
      of: fixture.upload([ServiceFixture.line("a", #","stream":true"#), ServiceFixture.line("b", #","stream":false"#)]))
    fixture.runBatches()
    #expect(numbers(fixture.batch(id)) == [2, 1, 1])
    #expect(try fixture.lines(of: fixture.batch(id)["error_file_id"])[0]["response"]?["body"]?["error"]?["param"] == .string("stream"))
  }

  // MARK: Several workers

  @Test func `a worker goes on where another one stopped, and no line is performed twice`() throws {
    let id = try fixture.createBatch(of: fixture.upload((0..<5).map { ServiceFixture.line("\($0)") }))
    do {
      let first = BatchJobs(of: fixture.service)
      first.look()
      for _ in 0..<4 { #expect(first.step()) }
      let second = BatchJobs(of: fixture.service)
      second.look()
      withExtendedLifetime(first) { #expect(!second.step(), "a batch that is claimed was taken by another worker") }
    }
    #expect(fixture.batch(id)["status"] == .string("in_progress"))
    fixture.runBatches()
    #expect(numbers(fixture.batch(id)) == [5, 5, 0])
    #expect(try fixture.lines(of: fixture.batch(id)["output_file_id"]).map { $0["custom_id"]?.text } == ["0", "1", "2", "3", "4"])
    let journal = fixture.get("/_fakeai/requests", ["HTTP_HOST": "localhost"]).text
    #expect(journal.matches(of: /"path": ?"\/v1\/images\/generations"/).count == 5)
  }

  @Test func `a line whose result another worker has stored meanwhile counts once`() throws {
    let id = try fixture.createBatch(of: fixture.upload(Self.three))
    let jobs = BatchJobs(of: fixture.service)
    jobs.look()
    for _ in 0..<2 { #expect(jobs.step()) }
    let stored = BatchResult(of: "b", code: "x", "stored first")
    let name = try #require(ObjectName(.line, Batch.resultID(id, line: 1)))
    _ = try fixture.service.objects.put(stored.stored, as: name, expires: ServiceFixture.expires, where: .absent).wait()
    while jobs.step() {}
    #expect(numbers(fixture.batch(id)) == [3, 2, 1])
    #expect(try fixture.lines(of: fixture.batch(id)["error_file_id"])[0]["error"]?["message"] == .string("stored first"))
  }

  @Test func `results and the caller's key are removed when the batch has ended`() throws {
    let id = try fixture.createBatch(of: fixture.upload(Self.three), ["HTTP_AUTHORIZATION": "Bearer sk-of-a-client-1234"])
    let name = try #require(ObjectName(.batch, id))
    let text = { String(decoding: try fixture.service.objects.object(name).wait()?.bytes ?? [], as: UTF8.self) }
    #expect(try text().contains("sk-of-a-client"))
    fixture.runBatches()
    #expect(try !text().contains("sk-of-a-client"))
    #expect(try fixture.service.objects.ids(of: .line, prefix: "").wait() == [])
    #expect(!fixture.batch(id).description.contains("sk-of-a-client"))
  }

  // MARK: Early ends

  @Test func `a batch that is cancelled keeps what was done`() throws {
    let id = try fixture.createBatch(of: fixture.upload(Self.three))
    let jobs = BatchJobs(of: fixture.service)
    jobs.look()
    for _ in 0..<2 { #expect(jobs.step()) }
    #expect(fixture.post("/v1/batches/\(id)/cancel").json["status"] == .string("cancelling"))
    fixture.wait(seconds: 1)
    while jobs.step() {}
    let batch = fixture.batch(id)
    #expect(batch["status"] == .string("cancelled") && numbers(batch) == [3, 1, 0])
    #expect(batch["cancelling_at"]?.number != nil && batch["cancelled_at"]?.number != nil && batch["completed_at"] == .null)
    #expect(try fixture.lines(of: batch["output_file_id"]).map { $0["custom_id"]?.text } == ["a"])
    #expect(fixture.post("/v1/batches/\(id)/cancel").json["status"] == .string("cancelled"))
  }

  @Test func `a batch that is cancelled before it begins has no files`() throws {
    let id = try fixture.createBatch(of: fixture.upload(Self.three))
    #expect(fixture.post("/v1/batches/\(id)/cancel").status == 200)
    fixture.runBatches()
    #expect(fixture.batch(id)["status"] == .string("cancelled") && fixture.batch(id)["output_file_id"] == .null)
  }

  @Test func `a batch that has completed cannot be cancelled`() throws {
    let id = try fixture.createBatch(of: fixture.upload(Self.three))
    fixture.runBatches()
    let response = fixture.post("/v1/batches/\(id)/cancel")
    #expect(response.status == 409 && response.text.contains("status 'completed'"))
  }

  @Test func `after 24 hours the lines that were not reached have expired`() throws {
    let id = try fixture.createBatch(of: fixture.upload(Self.three))
    let jobs = BatchJobs(of: fixture.service)
    jobs.look()
    for _ in 0..<2 { #expect(jobs.step()) }
    fixture.wait(seconds: 86_400)
    while jobs.step() {}
    let batch = fixture.batch(id)
    #expect(batch["status"] == .string("expired") && numbers(batch) == [3, 1, 2])
    #expect(try fixture.lines(of: batch["error_file_id"]).map { $0["error"]?["code"]?.text } == ["batch_expired", "batch_expired"])
  }

  @Test func `a fault ends a batch as failed or as expired`() throws {
    let file = try fixture.upload(Self.three)
    let failed = try fixture.createBatch(of: file, ["HTTP_X_FAKEAI_FAULT": "batch_failed"])
    let expired = try fixture.createBatch(of: file, ["HTTP_X_FAKEAI_FAULT": "batch_expired"])
    fixture.runBatches()
    #expect(fixture.batch(failed)["status"] == .string("failed") && fixture.batch(failed)["errors"]?["data"]?[0] != nil)
    #expect(fixture.batch(expired)["status"] == .string("expired") && numbers(fixture.batch(expired)) == [3, 1, 2])
    #expect(fixture.generate(#"{"prompt":"A lake"}"#, ["HTTP_X_FAKEAI_FAULT": "batch_failed"]).header("X-FakeAI-Fault") == nil)
  }

  // MARK: Time

  @Test func `a batch takes the time that its client asks for, through all statuses`() throws {
    let id = try fixture.createBatch(of: fixture.upload(Self.three), ["HTTP_X_FAKEAI_BATCH_TIME": "100s"])
    let jobs = BatchJobs(of: fixture.service)
    func status(after seconds: Int64) -> String? {
      fixture.wait(seconds: seconds)
      jobs.look()
      while jobs.step() {}
      return fixture.batch(id)["status"]?.text
    }
    #expect(status(after: 9) == "validating")
    #expect(status(after: 2) == "in_progress")
    #expect(status(after: 50) == "in_progress" && numbers(fixture.batch(id)) == [3, 1, 0])
    #expect(status(after: 30) == "finalizing")
    #expect(status(after: 10) == "completed")
  }

  @Test func `the simulated latency of images does not slow a batch down`() throws {
    let slow = try ServiceFixture(configuration: .init(latency: .fixed(.seconds(500))))
    let id = try slow.createBatch(of: slow.upload(Self.three))
    slow.runBatches()
    #expect(slow.batch(id)["status"] == .string("completed"))
  }

  // MARK: The caller

  @Test func `lines take no units of rate limits`() throws {
    let limited = try ServiceFixture(limits: [.images: 1, .requests: 1])
    let id = try limited.createBatch(of: limited.upload(Self.three))
    limited.runBatches()
    #expect(numbers(limited.batch(id)) == [3, 3, 0])
    #expect(limited.generate(#"{"prompt":"A lake","size":"256x256"}"#).status == 200)
    #expect(limited.generate(#"{"prompt":"A lake","size":"256x256"}"#).status == 429)
  }

  @Test func `lines have the session of the batch, and its rules`() throws {
    let rules = #"[{"then":{"fault":"billing"}}]"#
    let put = Request(
      method: "PUT", path: "/_fakeai/rules", variables: ["HTTP_X_FAKEAI_SESSION": "s"], body: .whole(Array(rules.utf8)))
    #expect(fixture.send(put).status == 200)
    let file = try fixture.upload(Self.three)
    let ruled = try fixture.createBatch(of: file, ["HTTP_X_FAKEAI_SESSION": "s"])
    let free = try fixture.createBatch(of: file)
    fixture.runBatches()
    #expect(numbers(fixture.batch(ruled)) == [3, 0, 3] && numbers(fixture.batch(free)) == [3, 3, 0])
  }

  @Test(arguments: ["empty_body", "malformed_json", "reset", "timeout"])
  func `a fault that breaks the response of a line is an error without a response`(fault: String) throws {
    let id = try fixture.createBatch(
      of: fixture.upload([ServiceFixture.line("a").replacing("A lake", with: "A lake [[fakeai fault=\(fault)]]")]))
    fixture.runBatches()
    let errors = try fixture.lines(of: fixture.batch(id)["error_file_id"])
    #expect(errors.count == 1 && errors[0]["response"] == .null && errors[0]["error"]?["code"] == .string("server_error"))
  }
}

extension JSONValue {
  fileprivate var description: String { JSONText(self).compact }
}
