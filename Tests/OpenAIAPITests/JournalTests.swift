import FoundationEssentials
import OpenAIAPI
import Journal
import Testing

@testable import FastCGI

@Suite struct JournalTests {
  @Test func `a request is kept with its parameters, its answer and its images`() throws {
    let fixture = try ServiceFixture()
    let variables = [
      "HTTP_AUTHORIZATION": "Bearer sk-secret-key-9876", "HTTP_X_STAINLESS_RETRY_COUNT": "2",
      "REQUEST_ID": String(repeating: "a", count: 32),
    ]
    let answer = fixture.generate(
      #"{"prompt":"A lake","size":"256x256","n":2,"model":"dall-e-2","user":null,"x":[1.5,{"y":true}]}"#, variables)
    let ids = try #require(answer.header("X-FakeAI-Images"))
    #expect(ids.split(separator: ",").allSatisfy { answer.text.contains("/images/\($0).png") } && ids.contains(","))
    let entry = try #require(try fixture.journal().requests.first)
    // The arrival: as long before the fixture's time as the request really took.
    #expect(entry.sequence == 0 && entry.time.wholeMatch(of: /2026-11-22T1[12]:[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z/) != nil)
    #expect(entry.request_id == "req_" + String(repeating: "a", count: 32))
    #expect(entry.method == "POST" && entry.path == "/v1/images/generations" && entry.key == "9876" && entry.retry_count == 2)
    #expect(entry.status == 200 && entry.worker == "7-42" && entry.fault == nil && entry.rule == nil && entry.latency_ms > 0)
    #expect(entry.images.joined(separator: ",") == ids)
    #expect(
      fixture.get("/_fakeai/requests").text.contains(
        #""parameters":{"model":"dall-e-2","n":2,"prompt":"A lake","size":"256x256","user":null,"x":[1.5,{"y":true}]},"status":200"#))
    #expect(!fixture.get("/_fakeai/requests").text.contains("secret"))
  }

  @Test func `refused and unknown requests are recorded, images and health are not`() throws {
    let fixture = try ServiceFixture()
    _ = fixture.get("/images/generations", method: "POST")
    _ = fixture.get("/generations", method: "POST")
    _ = fixture.generate("{")
    for path in ["/healthz", "/readyz", "/_fakeai/stats", "/_fakeai/requests", "/images/x.png", "/metrics"] { _ = fixture.get(path) }
    let requests = try fixture.journal().requests
    #expect(requests.map(\.status) == [400, 404, 400])
    #expect(requests.map(\.path) == ["/images/generations", "/generations", "/v1/images/generations"])
  }

  @Test(arguments: [
    ("method=DELETE", [2]), ("path=/v1/models/b", [1, 2]), ("status=400", [3]), ("model=my%20own+model", [4]), ("key=2345", [4]),
    ("status=200&method=GET", [0, 1]), ("since=3", [3, 4]), ("since=1&limit=2", [1, 2]), ("limit=1", [4]), ("limit=0", []),
    ("", [0, 1, 2, 3, 4]), ("since=99", []), ("fault=timeout", []),
  ])
  func `requests are found by their fields`(query: String, sequences: [Int]) throws {
    let fixture = try ServiceFixture()
    _ = fixture.get("/v1/models")
    _ = fixture.get("/v1/models/b")
    _ = fixture.get("/v1/models/b", method: "DELETE")
    _ = fixture.generate("{")
    _ = fixture.generate(#"{"prompt":"A","size":"256x256","model":"my own model"}"#, ["HTTP_AUTHORIZATION": "Bearer sk-key-12345"])
    let journal = try fixture.journal(query)
    #expect(journal.requests.map(\.sequence) == sequences)
    #expect(journal.dropped == 0)
  }

  @Test(arguments: [
    (
      "statu=200",
      "Unknown parameter: 'statu'. Supported names are 'method', 'path', 'status', 'model', 'key', 'fault', 'session', 'since', 'limit', 'wait', and 'count'."
    ),
    ("since=-1", "Invalid value: '-1'. 'since' must be a whole number."),
    ("limit=1001", "Invalid value: '1001'. 'limit' must be a whole number from 0 to 1000."),
    ("limit=", "Invalid value: ''. 'limit' must be a whole number from 0 to 1000."),
    ("count=0", "Invalid value: '0'. 'count' must be a whole number from 1 to 1000."),
    ("session=a%2Fb", "Invalid value for 'session': 'a/b'. Allowed: 1 to 64 letters, digits, dots, hyphens and underscores."),
    ("wait=61", "Invalid value: '61'. 'wait' must be seconds from 0 to 60."),
    ("wait=nan", "Invalid value: 'nan'. 'wait' must be seconds from 0 to 60."),
  ])
  func `an invalid query is refused`(query: String, message: String) throws {
    let response = try ServiceFixture().send(Request(method: "GET", path: "/_fakeai/requests", query: query))
    #expect(response.status == 400)
    #expect(response.text.contains(message))
  }

  @Test(arguments: [
    "{\"prompt\":\"" + String(repeating: "ü", count: 30_000) + "\"}",
    "{\"prompt\":\"" + String(repeating: "\\u0001", count: 30_000) + "\"}",
    "{\"a\":" + String(repeating: "[", count: 400) + String(repeating: "]", count: 400) + "}",
    "{" + (0..<2000).map { "\"name\($0)\":\"\(String(repeating: "v", count: 300))\"" }.joined(separator: ",") + "}",
    String(repeating: "not JSON ", count: 1000), "{\"prompt\":\"\(String(repeating: "x", count: 300_000))\"}",
  ])
  func `an entry is bounded for any body`(body: String) throws {
    let fixture = try ServiceFixture(configuration: .init(drawsImages: false))
    _ = fixture.generate(body)
    let journal = try fixture.journal()
    #expect(journal.requests.count == 1 && journal.dropped == 0)
  }

  @Test func `a form is kept with its fields, and its files by size and checksum`() throws {
    let fixture = try ServiceFixture()
    let parts = [
      ("name=\"prompt\"", "A lake"), ("name=\"model\"", "gpt-image-2"), ("name=\"size\"", String(repeating: "x", count: 600)),
      ("name=\"image[]\"; filename=\"a.png\"\r\nContent-Type: image/png", "123456789"),
      ("name=\"image[]\"; filename=\"b.png\"", ""),
    ]
    let body = parts.map { "--x\r\nContent-Disposition: form-data; \($0)\r\n\r\n\($1)\r\n" }.joined() + "--x--\r\n"
    let variables: CGIParameters = ["CONTENT_TYPE": "Multipart/Form-Data; boundary=x"]
    _ = fixture.send(Request(method: "POST", path: "/v1/images/edits", variables: variables, body: .whole(Array(body.utf8))))
    // The check value of CRC-32 (ISO-HDLC).
    let file = #"{"filename":"a.png","content_type":"image/png","bytes":9,"crc32":"cbf43926"}"#
    let empty = #"{"filename":"b.png","content_type":null,"bytes":0,"crc32":"00000000"}"#
    let size = String(repeating: "x", count: 500)
    let text = fixture.get("/_fakeai/requests").text
    let told = #""parameters":{"image[]":[\#(file),\#(empty)],"model":"gpt-image-2","prompt":"A lake","size":"\#(size)…"}"#
    #expect(text.contains(told), "\(text)")
    #expect(try fixture.journal("model=gpt-image-2").requests.count == 1)
  }

  @Test func `an upload that is not a form is kept by its size and checksum`() throws {
    let fixture = try ServiceFixture()
    _ = fixture.generate("123456789", ["CONTENT_TYPE": "multipart/form-data; boundary=x"])
    // The check value of CRC-32 (ISO-HDLC).
    #expect(
      fixture.get("/_fakeai/requests").text.contains(
        #""body":{"content_type":"multipart/form-data; boundary=x","bytes":9,"crc32":"cbf43926"}"#))
  }

  @Test func `a waiting client gets the first match, or none after its wait`() throws {
    let fixture = try ServiceFixture()
    _ = fixture.get("/v1/models")
    let request = Request(method: "GET", path: "/_fakeai/requests", query: "wait=30&method=POST")
    guard case .wait(let pending) = fixture.service.reply(to: request).action, case .polling(_, let check) = pending.source else {
      Issue.record("it does not wait")
      return
    }
    #expect(check() == nil)
    _ = fixture.get("/v1/models")
    #expect(check() == nil)
    #expect(try Journalled(pending.onTimeout().run()).requests.isEmpty)
    _ = fixture.generate("{")
    #expect(try Journalled(#require(check())).requests.map(\.sequence) == [2])
    guard case .respond = fixture.service.reply(to: request).action else {
      Issue.record("it waits for what is there")
      return
    }
  }

  @Test func `a client that expects a number of requests gets them as soon as there are so many`() throws {
    let fixture = try ServiceFixture()
    _ = fixture.get("/v1/models/a")
    func ask(_ query: String) -> Reply { fixture.service.reply(to: Request(method: "GET", path: "/_fakeai/requests", query: query)) }
    #expect(ask("count=1").run().status == 200)
    let unmet = ask("count=2&path=/v1/models/a").run()
    #expect(try unmet.status == 408 && Journalled(unmet).requests.map(\.sequence) == [0])
    guard case .wait(let pending) = ask("count=3&limit=2&wait=30&method=GET").action, case .polling(_, let check) = pending.source else {
      Issue.record("it does not wait")
      return
    }
    _ = fixture.get("/v1/models/b")
    _ = fixture.generate("{")
    #expect(check() == nil)
    // The first of the two no longer counts, although it has been seen.
    _ = fixture.service.reply(to: Request(method: "DELETE", path: "/_fakeai/requests", query: "path=/v1/models/a")).run()
    _ = fixture.get("/v1/models/c")
    #expect(check() == nil)
    #expect(try Journalled(pending.onTimeout().run()).requests.map(\.sequence) == [1, 3] && pending.onTimeout().run().status == 408)
    _ = fixture.get("/v1/models/d")
    let met = try #require(check())
    #expect(try met.status == 200 && Journalled(met).requests.map(\.sequence) == [1, 3, 4])
  }

  @Test func `a client can tell that entries have made room for later ones`() throws {
    let fixture = try ServiceFixture()
    for _ in 0..<25 { _ = fixture.get("/v1/models") }
    #expect(try fixture.journal().oldest == 5 && fixture.journal().next == 25)
  }

  @Test func `only filters can select what is cleared`() throws {
    let fixture = try ServiceFixture()
    _ = fixture.get("/v1/models")
    let refused = fixture.send(Request(method: "DELETE", path: "/_fakeai/requests", query: "since=1"))
    #expect(try refused.status == 400 && fixture.journal().requests.count == 1)
  }

  @Test func `a cleared journal is empty`() throws {
    let fixture = try ServiceFixture()
    _ = fixture.get("/v1/models")
    #expect(fixture.get("/_fakeai/requests", method: "DELETE").status == 200)
    #expect(try fixture.journal().requests.isEmpty)
    #expect(try fixture.journal().next == 1)
  }
}

/// The response of `/_fakeai/requests`.
private struct Journalled: Decodable {
  struct Entry: Decodable {
    var sequence: Int
    var time: String
    var request_id: String?
    var method: String
    var path: String
    var key: String?
    var retry_count: Int?
    var status: Int
    var latency_ms: Double
    var worker: String
    var fault: String?
    var rule: String?
    var images: [String]
  }

  var requests: [Entry]
  var oldest: Int
  var next: Int
  var dropped: Int

  init(_ response: Response) throws { self = try JSONDecoder().decode(Self.self, from: Data(response.body)) }
}

extension ServiceFixture {
  fileprivate func journal(_ query: String = "") throws -> Journalled {
    try Journalled(send(Request(method: "GET", path: "/_fakeai/requests", query: query)))
  }
}
