import Answers
import FastCGI
import JSON
import ObjectStore
import Testing
@testable import OpenAIAPI

/// Files that are uploaded in parts.
@Suite struct ChunkedUploadTests {
  private let fixture = try! ServiceFixture()

  private static func body(_ bytes: Int, _ members: String = "") -> String {
    #"{"bytes":\#(bytes),"filename":"cat.png","mime_type":"image/png","purpose":"vision"\#(members)}"#
  }

  private func upload(_ bytes: Int, _ members: String = "") throws -> String {
    let response = fixture.post("/v1/uploads", Self.body(bytes, members))
    #expect(response.status == 200, "\(response.text)")
    return try #require(response.json[at: "id"].text)
  }

  private func add(_ bytes: [UInt8], to upload: String) -> Response {
    fixture.postForm([("data", "blob", bytes)], to: "/v1/uploads/\(upload)/parts")
  }

  private func part(_ bytes: [UInt8], of upload: String) throws -> String {
    let response = add(bytes, to: upload)
    #expect(response.status == 200, "\(response.text)")
    return try #require(response.json[at: "id"].text)
  }

  private func complete(_ upload: String, _ parts: [String], _ members: String = "") -> Response {
    let list = parts.map { "\"\($0)\"" }.joined(separator: ",")
    return fixture.post("/v1/uploads/\(upload)/complete", "{\"part_ids\":[\(list)]\(members)}")
  }

  private func storedParts() throws -> [String] { try fixture.service.objects.ids(of: .part, prefix: "").wait() }

  @Test func `an upload becomes an ordinary file, with its parts in the order of the request`() throws {
    let created = fixture.post("/v1/uploads", Self.body(6)).json
    let id = try #require(created[at: "id"].text)
    #expect(id.wholeMatch(of: /upload_[0-9a-f]{32}/) != nil && created[at: "object"] == "upload" && created[at: "status"] == "pending")
    #expect(created[at: "created_at"].integer == 1_795_348_800 && created[at: "expires_at"].integer == 1_795_348_800 + 3600)
    #expect(created[at: "bytes"].integer == 6 && created[at: "filename"] == "cat.png" && created[at: "file"] == .null)
    let part = add([4, 5, 6], to: id).json
    #expect(part[at: "object"] == "upload.part" && part[at: "upload_id"].text == id && part[at: "created_at"].integer == 1_795_348_800)
    let (last, first) = (try #require(part[at: "id"].text), try self.part([1, 2, 3], of: id))
    _ = try self.part([9, 9, 9], of: id)
    let completed = complete(id, [first, last]).json
    #expect(completed[at: "status"] == "completed" && completed[at: "id"].text == id)
    let file = completed[at: "file"]
    #expect(file[at: "bytes"].integer == 6 && file[at: "purpose"] == "vision" && file[at: "expires_at"] == .null)
    let path = "/v1/files/" + (try #require(file[at: "id"].text))
    #expect(fixture.fetch(path).json == file)
    let content = fixture.fetch(path + "/content")
    #expect(content.body == [1, 2, 3, 4, 5, 6] && content.header("Content-Type") == "image/png")
    #expect(try storedParts().isEmpty)
  }

  @Test func `the file has the checksum that the client computed, or there is none`() throws {
    let id = try upload(3)
    let part = try part(Array("abc".utf8), of: id)
    let wrong = complete(id, [part], #","md5":"900150983cd24fb0d6963f7d28e17f73""#)
    #expect(wrong.status == 400 && wrong.json[at: "error", "param"] == "md5")
    #expect(fixture.fetch("/v1/files").json[at: "data"] == .array([]))
    #expect(complete(id, [part], #","md5":"900150983CD24FB0D6963F7D28E17F72""#).status == 200)
  }

  @Test func `the parts must have the bytes that were announced`() throws {
    let id = try upload(4)
    let parts = try [[1], [2, 3], [4, 5, 6]].map { try part($0, of: id) }
    for (chosen, said) in [
      ([0, 1], "have 3 bytes,"), ([1, 2], "have 5 bytes,"), ([2, 2, 0], "have 6 bytes or more,"), ([], "have 0 bytes,"),
    ] {
      let refused = complete(id, chosen.map { parts[$0] })
      #expect(refused.status == 400 && refused.json[at: "error", "message"].text?.contains(said) == true, "\(refused.text)")
    }
    #expect(add([1, 2, 3, 4, 5], to: id).json[at: "error", "param"] == "data")
    #expect(complete(id, [parts[2], parts[0]]).status == 200)
  }

  @Test func `the part of another upload is no part of this one`() throws {
    let (id, other) = (try upload(1), try upload(1))
    let part = try part([1], of: other)
    for unknown in [part, "part_x", "a/b", ""] {
      let refused = complete(id, [unknown])
      #expect(refused.status == 400 && refused.json[at: "error", "param"] == "part_ids", "\(refused.text)")
    }
    #expect(complete(other, [part]).status == 200)
  }

  @Test func `what is over takes no more parts and ends only once`() throws {
    let (completed, cancelled) = (try upload(1), try upload(1))
    let part = try part([1], of: completed)
    #expect(complete(completed, [part]).status == 200)
    _ = try self.part([1], of: cancelled)
    #expect(fixture.post("/v1/uploads/\(cancelled)/cancel").json[at: "status"] == "cancelled")
    #expect(try storedParts().isEmpty)
    for (id, status) in [(completed, "completed"), (cancelled, "cancelled")] {
      for refused in [add([1], to: id), complete(id, [part]), fixture.post("/v1/uploads/\(id)/cancel")] {
        #expect(refused.status == 400 && refused.text.contains("is \(status) already"), "\(refused.text)")
      }
    }
    #expect(fixture.fetch("/v1/files").json[at: "data"].elements?.count == 1)
  }

  @Test func `an upload has an hour`() throws {
    let id = try upload(1)
    fixture.wait(seconds: 3599)
    let part = try part([1], of: id)
    fixture.wait(seconds: 1)
    #expect(try storedParts().isEmpty)
    for refused in [add([1], to: id), complete(id, [part]), fixture.post("/v1/uploads/\(id)/cancel")] {
      #expect(refused.status == 400 && refused.text.contains("has expired"), "\(refused.text)")
    }
    fixture.wait(seconds: 86_400)
    #expect(fixture.post("/v1/uploads/\(id)/cancel").status == 404)
  }

  @Test func `the file expires as the upload says, or as its purpose does`() throws {
    let id = try upload(0, #","expires_after":{"anchor":"created_at","seconds":7200}"#)
    #expect(complete(id, []).json[at: "file", "expires_at"].integer == 1_795_348_800 + 7200)
    let batch = fixture.post("/v1/uploads", Self.body(0).replacing("vision", with: "batch"))
    let file = complete(try #require(batch.json[at: "id"].text), []).json[at: "file"]
    #expect(file[at: "expires_at"].integer == 1_795_348_800 + 2_592_000)
  }

  @Test(arguments: [
    (#""bytes":-1"#, "bytes", "integer_below_min_value"), (#""bytes":52428801"#, "bytes", "integer_above_max_value"),
    (#""bytes":"1""#, "bytes", "invalid_type"), (#""bytes":null"#, "bytes", "missing_required_parameter"),
    (#""filename":"""#, "filename", "empty_string"), (#""mime_type":7"#, "mime_type", "invalid_type"),
    (#""purpose":"fun""#, "purpose", "invalid_value"), (#""purpose":null"#, "purpose", "missing_required_parameter"),
    (#""expires_after":{"anchor":"now","seconds":3600}"#, "expires_after.anchor", "invalid_value"),
    (#""expires_after":{"anchor":"created_at","seconds":1}"#, "expires_after.seconds", "integer_below_min_value"),
    (#""expires_after":{"anchor":"created_at"}"#, "expires_after.seconds", "missing_required_parameter"),
  ]) func `an upload that cannot be is refused`(member: String, param: String, code: String) {
    // Of two members with a name, the last one counts.
    let refused = fixture.post("/v1/uploads", Self.body(1, "," + member))
    #expect(refused.status == 400 && refused.json[at: "error", "param"].text == param, "\(refused.text)")
    #expect(refused.json[at: "error", "code"].text == code)
  }

  @Test func `a part without its bytes is refused`() throws {
    let id = try upload(1)
    for parts in [[], [("data", nil, [1])], [("data", "a", [1]), ("data", "b", [1])]] as [[FormPart]] {
      #expect(fixture.postForm(parts, to: "/v1/uploads/\(id)/parts").status == 400)
    }
    #expect(fixture.post("/v1/uploads/\(id)/complete", "{}").json[at: "error", "param"] == "part_ids")
    let many = complete(id, (0...ChunkedUpload.mostParts).map { "part_\($0)" })
    #expect(many.status == 400 && many.text.contains("at most 1000 parts"))
  }

  @Test func `an upload has at most a thousand parts, which make a file`() throws {
    let parts = (0..<ChunkedUpload.mostParts).map { "part_\($0)" }
    let id = try upload(parts.count)
    for (number, part) in parts.enumerated() {
      let name = try #require(ChunkedUpload.partName(part, of: id))
      _ = try fixture.service.objects.put([UInt8(number % 256)], as: name, expires: .max, where: .absent).wait()
    }
    #expect(add([1], to: id).text.contains("at most 1000 parts"))
    let file = try #require(complete(id, parts).json[at: "file", "id"].text)
    #expect(fixture.fetch("/v1/files/\(file)/content").body == parts.indices.map { UInt8($0 % 256) })
  }

  @Test(arguments: ["upload_x", "..", "%2e%2e", String(repeating: "a", count: 400)])
  func `an unknown upload is 404, and can be invented`(id: String) throws {
    let inventing = try ServiceFixture(configuration: .init(inventsUnknownIDs: true))
    for fixture in [fixture, inventing] {
      let path = "/v1/uploads/\(id)"
      let part = fixture.postForm([("data", "a", [1])], to: path + "/parts")
      let completed = fixture.post(path + "/complete", #"{"part_ids":["string"],"md5":"md5"}"#)
      let cancelled = fixture.post(path + "/cancel")
      let statuses = [part, completed, cancelled].map(\.status)
      guard fixture === inventing else {
        #expect(statuses == [404, 404, 404])
        continue
      }
      #expect(statuses == [200, 200, 200])
      #expect(completed.json[at: "file", "object"] == "file" && cancelled.json[at: "status"] == "cancelled")
    }
  }

  @Test(arguments: ["/uploads", "/openai/v1/uploads", "/openai/uploads"]) func `uploads have the other addresses of the API`(path: String) {
    #expect(fixture.post(path, Self.body(1)).json[at: "object"] == "upload")
  }
}

/// Requests that end the same upload at the same time.
@Suite struct ChunkedUploadRaceTests {
  private let fixture = try! ServiceFixture()

  /// Completes an upload without parts, while another request does something to it.
  private func complete(while path: String, _ body: String) throws -> Result<(ChunkedUpload, FileObject), APIError> {
    let (objects, clock) = (fixture.service.objects, fixture.service.clock)
    let upload = ChunkedUpload(inventedFor: "upload_0", .pending, now: fixture.service.seconds())
    _ = try ChunkedUploadShelf(objects: objects, clock: clock).add(upload).wait()
    let interrupted = InterruptedStore(base: objects) { [fixture] in _ = fixture.post("/v1/uploads/upload_0/\(path)", body) }
    let empty = try JSONValue(parsing: Array(#"{"part_ids":[]}"#.utf8)).object ?? .empty
    return try ChunkedUploadShelf(objects: interrupted, clock: clock)
      .complete("upload_0", UploadCompletion(JSONBody(members: empty))).wait()
  }

  private func ids(_ kind: ObjectKind) throws -> [String] { try fixture.service.objects.ids(of: kind, prefix: "").wait() }

  @Test func `an upload that is cancelled while it is completed leaves no file`() throws {
    let outcome = try complete(while: "cancel", "")
    #expect(throws: APIError.uploadChanges("upload_0")) { try outcome.get() }
    #expect(try ids(.file).isEmpty && ids(.content).isEmpty)
  }

  @Test func `an upload that another request completes first keeps its file`() throws {
    let outcome = try complete(while: "complete", #"{"part_ids":[]}"#)
    #expect(throws: APIError.uploadChanges("upload_0")) { try outcome.get() }
    #expect(try ids(.file) == ["file-0"] && ids(.content) == ["file-0"])
  }
}
