import Answers
import FastCGI
import JSON
import ObjectStore
import Testing

@testable import OpenAIAPI

@Suite struct FilesTests {
  private let fixture: ServiceFixture

  init() throws { fixture = try ServiceFixture() }

  private static func field(_ name: String, _ value: String) -> FormPart { (name, nil, Array(value.utf8)) }

  private func post(
    _ parts: [FormPart], _ variables: [String: String] = [:], to path: String = "/v1/files",
    _ fixture: ServiceFixture? = nil
  ) -> Response {
    (fixture ?? self.fixture).postForm(parts, to: path, variables)
  }

  private func upload(_ filename: String = "a.jsonl", _ content: [UInt8] = [1, 2, 3], purpose: String = "user_data") throws -> String {
    let response = post([Self.field("purpose", purpose), ("file", filename, content)])
    #expect(response.status == 200, "\(response.text)")
    return try id(of: response)
  }

  private func id(of response: Response) throws -> String {
    String(try #require(response.text.firstMatch(of: /"id": "(file-[0-9a-f]{32})"/)).output.1)
  }

  private func ids(_ query: String = "", _ fixture: ServiceFixture? = nil) -> (data: [String], hasMore: Bool) {
    let response = (fixture ?? self.fixture).send(Request(method: "GET", path: "/v1/files", query: query))
    #expect(response.status == 200, "\(response.text)")
    let data = response.text.matches(of: /"id": "(file-[^"]*)"/).map { String($0.output.1) }
    let ends = [data.first, data.last].map { $0.map { "\"\($0)\"" } ?? "null" }
    #expect(response.text.contains("\"first_id\": \(ends[0]),\n  \"last_id\": \(ends[1]),"))
    return (data, response.text.contains("\"has_more\": true"))
  }

  private func error(_ response: Response) -> String {
    "\(response.status) " + (response.text.firstMatch(of: /"message": "((?:[^"\\]|\\.)*)"/).map { String($0.output.1) } ?? response.text)
  }

  // MARK: - One file

  @Test func `a file is described as it was uploaded, and its bytes come back`() throws {
    let content = (0..<5000).map { UInt8(truncatingIfNeeded: $0) }
    let id = try upload("cat.png", content, purpose: "vision")
    let object = """
      {
        "id": "\(id)",
        "object": "file",
        "bytes": 5000,
        "created_at": 1795348800,
        "expires_at": null,
        "filename": "cat.png",
        "purpose": "vision",
        "status": "processed",
        "status_details": null
      }

      """
    #expect(fixture.get("/v1/files/\(id)").text == object)
    let response = fixture.get("/v1/files/\(id)/content")
    #expect(response.status == 200 && response.body == content)
    #expect(response.header("Content-Type") == "image/png" && response.header("Content-Length") == "5000")
    #expect(response.header("Content-Disposition") == "attachment; filename=\"cat.png\"")
    let head = fixture.get("/v1/files/\(id)/content", method: "HEAD")
    #expect(head.body.isEmpty && head.header("Content-Length") == "5000")
  }

  @Test func `the parts may come in any order, and a batch expires after thirty days`() throws {
    let response = post([("file", "b.jsonl", [1]), Self.field("purpose", "batch")])
    #expect(response.text.contains("\"expires_at\": \(1_795_348_800 + 2_592_000)"))
    let shorter = post([
      Self.field("expires_after[seconds]", "3600"), ("file", "b.jsonl", [1]), Self.field("purpose", "batch"),
      Self.field("expires_after[anchor]", "created_at"),
    ])
    #expect(shorter.text.contains("\"expires_at\": \(1_795_348_800 + 3600)"))
    let id = try id(of: shorter)
    fixture.wait(seconds: 3599)
    #expect(fixture.get("/v1/files/\(id)/content").status == 200)
    fixture.wait(seconds: 1)
    #expect(fixture.get("/v1/files/\(id)").status == 404 && fixture.get("/v1/files/\(id)/content").status == 404)
    #expect(ids().data.count == 1)
  }

  @Test func `a deleted file is gone`() throws {
    let (id, other) = (try upload(), try upload())
    #expect(
      fixture.get("/v1/files/\(id)", method: "DELETE").text == "{\n  \"id\": \"\(id)\",\n  \"object\": \"file\",\n  \"deleted\": true\n}\n")
    for path in ["/v1/files/\(id)", "/v1/files/\(id)/content"] {
      let response = fixture.get(path)
      #expect(response.status == 404)
      #expect(response.text == Response.errorText("No such File object: \(id)", param: "id"))
    }
    #expect(fixture.get("/v1/files/\(id)", method: "DELETE").status == 404)
    #expect(ids().data == [other])
  }

  @Test func `a content whose file was never stored is removed after an hour`() throws {
    let (kept, orphan, other) = (try upload(), try upload(), try upload())
    let objects = fixture.service.objects
    for id in [orphan, other] { #expect(try objects.remove(ObjectName(.file, id)!).wait()) }
    func contents() throws -> [String] { try objects.ids(of: .content, prefix: "").wait() }
    fixture.wait(seconds: 3600)
    fixture.service.sweep()
    #expect(try contents() == [kept, orphan, other].sorted())
    fixture.wait(seconds: 1)
    let late = try upload()
    #expect(try objects.remove(ObjectName(.file, late)!).wait())
    fixture.service.sweep()
    #expect(try contents() == [kept, late].sorted())
    #expect(fixture.get("/v1/files/\(kept)/content").body == [1, 2, 3])
  }

  @Test(arguments: ["file-0", "x", "..", "%2e%2e%2flock", "file-%00", String(repeating: "a", count: 500)])
  func `an unknown id is 404, whatever it looks like`(id: String) throws {
    for (method, path) in [("GET", ""), ("GET", "/content"), ("DELETE", "")] {
      #expect(fixture.get("/v1/files/\(id)\(path)", method: method).status == 404)
    }
  }

  @Test func `unknown ids can be invented`() throws {
    let fixture = try ServiceFixture(configuration: .init(inventsUnknownIDs: true))
    let text = fixture.get("/v1/files/file_id").text
    #expect(text.contains("\"id\": \"file_id\"") && text.contains("\"status\": \"processed\""))
    let content = fixture.get("/v1/files/file_id/content")
    #expect(content.status == 200 && content.body.isEmpty)
    #expect(fixture.get("/v1/files/file_id", method: "DELETE").text.contains("\"deleted\": true"))
    #expect(ids("", fixture).data.isEmpty)
  }

  @Test(
    arguments: [
      ("d.bin", nil, "application/octet-stream"), ("d.JPG", nil, "image/jpeg"),
      ("d", "text/x-Python; charset=utf-8", "text/x-python;charset=utf-8"),
      ("d.jsonl", "application/octet-stream", "application/jsonl"), ("noend", nil, "application/octet-stream"),
    ] as [(String, String?, String)])
  func `the content has the declared type, or that of its name`(filename: String, declared: String?, type: String) {
    #expect(FileMediaType.of(filename, declared: declared) == type)
  }

  @Test func `a file name is kept as it is, but without directories`() throws {
    for (sent, kept, header) in [
      ("/etc/a b.txt", "a b.txt", "attachment; filename=\"a b.txt\""), (#"C:\\x\\y.png"#, "y.png", "attachment; filename=\"y.png\""),
      ("Kätzchen.png", "Kätzchen.png", "attachment; filename*=UTF-8''K%C3%A4tzchen.png"), ("", "upload", "attachment; filename=\"upload\""),
    ] {
      let id = try upload(sent)
      #expect(fixture.get("/v1/files/\(id)").text.contains("\"filename\": \"\(kept)\""))
      #expect(fixture.get("/v1/files/\(id)/content").header("Content-Disposition") == header)
    }
  }

  // MARK: - Refusals

  @Test func `what is wrong with a form is said`() {
    let file = ("file", "a.png", [1]) as (String, String?, [UInt8])
    let cases: [([(String, String?, [UInt8])], String)] =
      [
        ([file], "400 Missing required parameter: 'purpose'."),
        ([Self.field("purpose", "vision")], "400 Missing required parameter: 'file'."),
        (
          [Self.field("purpose", "vision"), Self.field("file", "text")],
          "400 Invalid type for 'file': expected a file, but got a string instead."
        ),
        (
          [file, Self.field("purpose", "visions")],
          "400 Invalid value: 'visions'. Supported values are: 'assistants', 'batch', 'fine-tune', 'vision', 'user_data', and 'evals'."
        ),
        ([file, file, Self.field("purpose", "vision")], "400 Duplicate parameter: 'file'. You provided multiple"),
        (
          [file, Self.field("purpose", "vision"), Self.field("expires_after[seconds]", "3600")],
          "400 Missing required parameter: 'expires_after[anchor]'."
        ),
        (
          [file, Self.field("purpose", "vision"), Self.field("expires_after[anchor]", "created_at")],
          "400 Missing required parameter: 'expires_after[seconds]'."
        ),
      ]
      + [
        ("3599", "400 Invalid 'expires_after[seconds]': integer below"), ("2592001", "400 Invalid 'expires_after[seconds]': integer above"),
        ("soon", "400 Invalid type for 'expires_after[seconds]'"),
      ].map { seconds, line in
        (
          [
            file, Self.field("purpose", "vision"), Self.field("expires_after[anchor]", "created_at"),
            Self.field("expires_after[seconds]", seconds),
          ], line
        )
      }
    for (parts, line) in cases { #expect(error(post(parts)).hasPrefix(line)) }
    #expect(ids().data.isEmpty)
  }

  @Test func `only a strict profile refuses unknown parts`() {
    let parts = [("file", "a.png", [1]), Self.field("purpose", "vision"), Self.field("colour", "red")] as [(String, String?, [UInt8])]
    #expect(post(parts).status == 200)
    let strict = post(parts, ["HTTP_X_FAKEAI_PROFILE": "openai", "HTTP_AUTHORIZATION": "Bearer sk-test"])
    #expect(error(strict) == "400 Unknown parameter: 'colour'.")
  }

  @Test func `a body that is no form is refused`() {
    let response = fixture.send(
      Request(method: "POST", path: "/v1/files", variables: ["CONTENT_TYPE": "application/json"], body: .whole(Array("{}".utf8))))
    #expect(response.status == 400 && response.text.contains("application/json"))
  }

  // MARK: - Lists

  @Test func `a list has the newest first, in pages`() throws {
    var all: [String] = []
    for number in 0..<7 {
      fixture.wait(seconds: 1)
      all.append(try upload(purpose: number % 2 == 0 ? "vision" : "batch"))
    }
    let newest = Array(all.reversed())
    #expect(ids() == (newest, false))
    #expect(ids("order=asc") == (all, false))
    #expect(ids("limit=3") == (Array(newest[..<3]), true))
    #expect(ids("limit=3&after=\(newest[2])") == (Array(newest[3..<6]), true))
    #expect(ids("limit=3&after=\(newest[5])") == ([newest[6]], false))
    #expect(ids("limit=7") == (newest, false))
    #expect(ids("limit=0") == ([], true))
    #expect(ids("after=\(newest[6])") == ([], false))
    #expect(ids("after=file-unknown") == ([], false))
    #expect(ids("purpose=batch&order=asc") == ([all[1], all[3], all[5]], false))
    #expect(ids("purpose=batch&order=asc&limit=2") == ([all[1], all[3]], true))
    #expect(ids("purpose=purpose") == ([], false))
  }

  @Test(arguments: ["limit=-1", "limit=10001", "limit=ten", "order=up"])
  func `a query that means nothing is refused`(query: String) {
    #expect(fixture.send(Request(method: "GET", path: "/v1/files", query: query)).status == 400)
  }

  // MARK: - Like other routes of the API

  @Test(arguments: ["/files", "/openai/v1/files", "/openai/files", "/profiles/fakeai/v1/files"])
  func `files have the other addresses of the API`(path: String) throws {
    let response = post([Self.field("purpose", "vision"), ("file", "a.png", [7])], to: path)
    let id = try id(of: response)
    #expect(fixture.get("\(path)/\(id)/content").body == [7])
    #expect(fixture.get("/v1/files/\(id)/content").body == [7])
  }

  @Test func `faults, the journal and the API's headers are those of other routes`() throws {
    let faulty = post([Self.field("purpose", "vision"), ("file", "a.png", [7])], ["HTTP_X_FAKEAI_FAULT": "server_error"])
    #expect(faulty.status == 500)
    #expect(ids().data.isEmpty)
    let response = post([Self.field("purpose", "vision"), ("file", "a.png", [7])])
    #expect(response.header("openai-version") == "2020-10-01")
    let journal = fixture.get("/_fakeai/requests").text
    #expect(journal.contains(#""path":"/v1/files""#) && journal.contains("a.png"))
    #expect(post([Self.field("purpose", "vision"), ("file", "a.png", [7])], ["HTTP_X_FAKEAI_PROFILE": "openai"]).status == 401)
  }
}
