import FastCGI
import Testing

@testable import OpenAIAPI

/// The image of the fixture was stored on Sun, 22 Nov 2026 12:00:00 GMT.
@Suite struct PreconditionTests {
  private static let stored = "Sun, 22 Nov 2026 12:00:00 GMT"
  private static let earlier = "Sun, 22 Nov 2026 11:59:59 GMT"
  private static let later = "Sun, 22 Nov 2026 12:00:01 GMT"

  /// In tags, ID stands for the image's id.
  @Test(
    arguments: [
      ([:], 200),
      (["IF_NONE_MATCH": "\"ID\""], 304), (["IF_NONE_MATCH": "W/\"ID\""], 304), (["IF_NONE_MATCH": "*"], 304),
      (["IF_NONE_MATCH": "\"a,b\" ,, \t\"ID\""], 304), (["IF_NONE_MATCH": "\"x\""], 200), (["IF_NONE_MATCH": "ID"], 200),
      (["IF_NONE_MATCH": "\"x\", *"], 200), (["IF_NONE_MATCH": ""], 200),
      (["IF_MATCH": "\"ID\""], 200), (["IF_MATCH": "*"], 200), (["IF_MATCH": "\"x\",\"ID\""], 200), (["IF_MATCH": "W/\"ID\""], 412),
      (["IF_MATCH": "\"x\""], 412), (["IF_MATCH": "ID"], 412), (["IF_MATCH": ""], 200), (["IF_MATCH": ","], 412),
      (["IF_MODIFIED_SINCE": stored], 304), (["IF_MODIFIED_SINCE": later], 304), (["IF_MODIFIED_SINCE": earlier], 200),
      (["IF_MODIFIED_SINCE": "Sunday, 22-Nov-26 12:00:00 GMT"], 304), (["IF_MODIFIED_SINCE": "Sun Nov 22 12:00:00 2026"], 304),
      (["IF_MODIFIED_SINCE": "yesterday"], 200), (["IF_MODIFIED_SINCE": ""], 200),
      (["IF_UNMODIFIED_SINCE": stored], 200), (["IF_UNMODIFIED_SINCE": later], 200), (["IF_UNMODIFIED_SINCE": earlier], 412),
      (["IF_UNMODIFIED_SINCE": "yesterday"], 200),
      // The order of RFC 9110, section 13.2.2.
      (["IF_MATCH": "\"ID\"", "IF_UNMODIFIED_SINCE": earlier], 200), (["IF_MATCH": "\"x\"", "IF_UNMODIFIED_SINCE": later], 412),
      (["IF_MATCH": "\"x\"", "IF_NONE_MATCH": "\"ID\""], 412), (["IF_MATCH": "\"ID\"", "IF_NONE_MATCH": "\"ID\""], 304),
      (["IF_UNMODIFIED_SINCE": earlier, "IF_NONE_MATCH": "\"ID\""], 412), (["IF_UNMODIFIED_SINCE": later, "IF_NONE_MATCH": "\"ID\""], 304),
      (["IF_NONE_MATCH": "\"x\"", "IF_MODIFIED_SINCE": later], 200), (["IF_NONE_MATCH": "\"ID\"", "IF_MODIFIED_SINCE": earlier], 304),
      (["IF_MATCH": "\"x\"", "RANGE": "bytes=999999-"], 412), (["IF_NONE_MATCH": "\"ID\"", "RANGE": "bytes=0-3"], 304),
    ] as [([String: String], Int)])
  func `conditions decide in their order`(conditions: [String: String], status: Int) throws {
    let fixture = try ServiceFixture()
    let path = fixture.imagePath()
    fixture.wait(seconds: 60)
    let whole = fixture.get(path)
    for method in ["GET", "HEAD"] {
      let response = fixture.get(path, method: method, headers(conditions, path))
      #expect(response.status == status)
      for name in ["ETag", "Last-Modified"] { #expect(response.header(name) == whole.header(name)) }
      switch status {
      case 304:
        #expect(response.body.isEmpty)
        for name in ["Cache-Control", "Expires"] { #expect(response.header(name) == whole.header(name)) }
        for name in ["Content-Type", "Content-Length", "Content-Disposition"] { #expect(response.header(name) == nil) }
      case 412:
        #expect(response.header("Content-Type") == "application/json" && response.header("Content-Length") != nil)
        #expect(response.text.contains("precondition") == (method == "GET"))
      default: #expect(response.body == (method == "GET" ? whole.body : []))
      }
    }
  }

  @Test(
    arguments: [
      ("\"ID\"", 206), (" \"ID\"", 206), (stored, 206), ("Sunday, 22-Nov-26 12:00:00 GMT", 206), ("Sun Nov 22 12:00:00 2026", 206),
      ("W/\"ID\"", 200), ("\"x\"", 200), (earlier, 200), (later, 200), ("yesterday", 200), ("", 200), ("*", 200), ("\"ID\", \"x\"", 200),
    ])
  func `a range is sent only of the version that If-Range names`(condition: String, status: Int) throws {
    let fixture = try ServiceFixture()
    let path = fixture.imagePath()
    #expect(fixture.get(path, headers(["RANGE": "bytes=0-3", "IF_RANGE": condition], path)).status == status)
    // Without a range, or for HEAD, there is nothing to decide.
    #expect(fixture.get(path, headers(["IF_RANGE": condition], path)).status == 200)
    #expect(fixture.get(path, method: "HEAD", headers(["RANGE": "bytes=0-3", "IF_RANGE": condition], path)).status == 200)
  }

  @Test func `several headers of one name are one list`() throws {
    let fixture = try ServiceFixture()
    let path = fixture.imagePath()
    let id = try #require(headers(["IF_NONE_MATCH": "\"ID\""], path)["HTTP_IF_NONE_MATCH"])
    for values in [[id, "\"x\""], ["\"x\"", id]] {
      let variables = CGIParameters(dictionaryLiteral: ("HTTP_IF_NONE_MATCH", values[0]), ("HTTP_IF_NONE_MATCH", values[1]))
      #expect(fixture.send(Request(method: "GET", path: path, variables: variables)).status == 304)
    }
  }

  @Test func `a condition does not matter if there is no image`() throws {
    let fixture = try ServiceFixture()
    let path = "/images/0000000000008abc8def0123456789ab.png"
    for name in ["HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH"] { #expect(fixture.get(path, [name: "*"]).status == 404) }
  }

  @Test(arguments: [
    ("bytes=0-3,", 206), ("bytes=0-3, ,", 206), (" Bytes=0-3", 206), ("bytes= 0 - 3 ", 206), ("bytes=,\t0-3 ,", 206),
    ("bytes=0-3,4-5", 200), ("bytes=,", 200),
    ("bytes=1 0-12", 200), ("bytes=0-3-5", 200), ("bytes =0-3", 200),
  ])
  func `a single range may have blanks and empty elements around it`(range: String, status: Int) throws {
    let fixture = try ServiceFixture()
    let response = fixture.get(fixture.imagePath(), ["HTTP_RANGE": range])
    #expect(response.status == status)
    if status == 206 { #expect(response.body.count == 4) }
  }

  private func headers(_ conditions: [String: String], _ path: String) -> [String: String] {
    let id = path.dropFirst("/images/".count).prefix(32)
    return Dictionary(uniqueKeysWithValues: conditions.map { ("HTTP_" + $0.key, $0.value.replacing("ID", with: id)) })
  }
}
