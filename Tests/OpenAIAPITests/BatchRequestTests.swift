import FastCGI
import JSON
import Testing

@testable import OpenAIAPI

@Suite struct BatchRequestTests {
  private let fixture: ServiceFixture

  init() throws { fixture = try ServiceFixture() }

  private static let usual = #""input_file_id":"file-1","endpoint":"/v1/images/edits","completion_window":"24h""#

  @Test(arguments: [
    ("{}", "input_file_id"), (#"{"input_file_id":"f"}"#, "endpoint"),
    (#"{"input_file_id":"f","endpoint":"/v1/images/edits"}"#, "completion_window"),
    (#"{"input_file_id":"f","endpoint":"/v1/images/edits","completion_window":"1h"}"#, "completion_window"),
    (#"{"input_file_id":"f","endpoint":"/v1/chat/completions","completion_window":"24h"}"#, "endpoint"),
    (#"{"input_file_id":"f","endpoint":"/v1/images/variations","completion_window":"24h"}"#, "endpoint"),
    ("{\(usual),\"metadata\":{\"a\":1}}", "metadata.a"), ("{\(usual),\"metadata\":[]}", "metadata"),
    ("{\(usual),\"output_expires_after\":{\"anchor\":\"created_at\",\"seconds\":1}}", "output_expires_after.seconds"),
    ("{\(usual),\"output_expires_after\":{\"seconds\":3600}}", "output_expires_after.anchor"),
  ]) func `a batch that is not valid is refused`(json: String, param: String) {
    let response = fixture.post("/v1/batches", json)
    #expect(response.status == 400 && response.json["error"]?["param"] == .string(JSONString(param)), "\(response.text)")
  }

  @Test func `metadata has limits`() {
    func create(_ pairs: [(String, String)]) -> Int {
      let members = pairs.map { "\"\($0)\":\"\($1)\"" }.joined(separator: ",")
      return fixture.post("/v1/batches", "{\(Self.usual),\"metadata\":{\(members)}}").status
    }
    #expect(create((0..<16).map { ("\($0)", "") }) == 200 && create((0..<17).map { ("\($0)", "") }) == 400)
    let long = { String(repeating: "x", count: $0) }
    #expect(create([(long(64), long(512))]) == 200 && create([(long(65), "")]) == 400 && create([("a", long(513))]) == 400)
  }

  @Test(arguments: ["null", "{}"]) func `metadata may be null or empty`(metadata: String) {
    #expect(fixture.post("/v1/batches", "{\(Self.usual),\"metadata\":\(metadata)}").status == 200)
  }

  @Test(arguments: ["10", "-1s", "1441m", "soon"]) func `a time that is not valid is refused`(time: String) {
    #expect(fixture.post("/v1/batches", "{\(Self.usual)}", ["HTTP_X_FAKEAI_BATCH_TIME": time]).status == 400)
  }

  // MARK: The file

  struct Case: CustomTestStringConvertible {
    let lines: [String]
    /// Code, line and param of each error.
    let errors: [String]
    var testDescription: String { errors.joined() }
  }

  static let cases = [
    Case(lines: [], errors: ["empty_file nil nil"]), Case(lines: ["", " "], errors: ["empty_file nil nil"]),
    Case(lines: [ServiceFixture.line("a"), "", "{", "[]"], errors: ["invalid_json_line 3 nil", "invalid_json_line 4 nil"]),
    Case(
      lines: [ServiceFixture.line("a"), ServiceFixture.line("b"), ServiceFixture.line("a")], errors: ["duplicate_custom_id 3 custom_id"]),
    Case(lines: [ServiceFixture.line("a").replacing("generations", with: "edits")], errors: ["url_mismatch 1 url"]),
    Case(lines: [ServiceFixture.line("a").replacing("POST", with: "GET")], errors: ["invalid_request 1 method"]),
    Case(lines: [#"{"method":"POST"}"#], errors: ["invalid_request 1 custom_id"]),
    Case(lines: [#"{"custom_id":"a","method":"POST","url":"/v1/images/generations"}"#], errors: ["invalid_request 1 body"]),
    Case(lines: [#"{"custom_id":"a","method":"POST","url":"/v1/images/generations","body":"x"}"#], errors: ["invalid_request 1 body"]),
  ]

  @Test(arguments: cases) func `a file with wrong lines makes the batch fail, with each of them named`(_ row: Case) throws {
    let id = try fixture.createBatch(of: fixture.upload(row.lines))
    fixture.runBatches()
    let batch = fixture.batch(id)
    #expect(batch["status"] == .string("failed") && batch["failed_at"]?.number != nil && batch["in_progress_at"] == .null)
    guard case .array(let errors)? = batch["errors"]?["data"] else {
      Issue.record("no errors")
      return
    }
    let text = { (value: JSONValue?) in value?.text ?? value?.number.map(String.init) ?? "nil" }
    #expect(errors.map { "\(text($0["code"])) \(text($0["line"])) \(text($0["param"]))" } == row.errors)
  }

  @Test func `a batch of a file that does not exist fails`() throws {
    let id = try fixture.createBatch(of: "file-unknown")
    fixture.runBatches()
    #expect(fixture.batch(id)["status"] == .string("failed"))
    #expect(fixture.batch(id)["errors"]?["data"]?[0]?["param"] == .string("input_file_id"))
  }

  @Test func `in a strict profile all lines have one model, in the other they may differ`() throws {
    let lines = ["gpt-image-2", "gpt-image-1.5"].enumerated().map { index, model in
      ServiceFixture.line("\(index)").replacing(#","response_format":"url""#, with: "").replacing("256x256", with: "1024x1024")
        .replacing(#""prompt""#, with: #""model":"\#(model)","prompt""#)
    }
    let file = try fixture.upload(lines)
    let strict = try fixture.createBatch(of: file, ["HTTP_X_FAKEAI_PROFILE": "openai", "HTTP_AUTHORIZATION": "Bearer sk-a"])
    let lenient = try fixture.createBatch(of: file)
    fixture.runBatches()
    #expect(fixture.batch(strict)["errors"]?["data"]?[0]?["code"] == .string("model_mismatch"))
    #expect(fixture.batch(lenient)["status"] == .string("completed"))
  }

  @Test func `more lines than the API takes are refused`() {
    let lines = BatchInput(Array(String(repeating: "{}\n", count: Batch.mostLines + 1).utf8))
    #expect(lines.check(endpoint: "", hasOneModel: false).problems.map(\.code) == ["too_many_tasks"])
  }

  @Test func `only the first errors of a file are named`() {
    let problems = BatchInput(Array(String(repeating: "x\n", count: 1000).utf8)).check(endpoint: "", hasOneModel: false).problems
    #expect(problems.count == 100 && problems.last?.line == 100)
  }

  // MARK: Lists

  @Test func `batches are listed by pages, the newest first`() throws {
    var ids: [String] = []
    for _ in 0..<3 {
      ids.append(try fixture.createBatch(of: "file-1"))
      fixture.wait(seconds: 1)
    }
    let page = { (query: String) in
      fixture.send(Request(method: "GET", path: "/v1/batches", query: query)).json
    }
    func found(_ page: JSONValue) -> [String?] {
      guard case .array(let batches)? = page["data"] else { return [] }
      return batches.map { $0["id"]?.text }
    }
    #expect(found(page("")) == ids.reversed() && page("")["has_more"] == .boolean(false))
    let first = page("limit=2")
    #expect(found(first) == [ids[2], ids[1]] && first["has_more"] == .boolean(true) && first["last_id"]?.text == ids[1])
    #expect(found(page("limit=2&after=\(ids[1])")) == [ids[0]])
    #expect(found(page("after=unknown")) == [] && page("after=unknown")["first_id"] == .null)
    #expect(found(page("limit=0")) == [])
    for query in ["limit=101", "limit=x", "limit=-1"] {
      #expect(fixture.send(Request(method: "GET", path: "/v1/batches", query: query)).status == 400)
    }
  }

  @Test(arguments: ["batch_unknown", "..", "a%2Fb"]) func `an unknown batch is not found`(id: String) {
    #expect(fixture.get("/v1/batches/\(id)").status == 404 && fixture.post("/v1/batches/\(id)/cancel").status == 404)
  }
}
