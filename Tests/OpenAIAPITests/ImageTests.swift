import FastCGI
import ImageGeneration
import Testing

@testable import OpenAIAPI

@Suite struct ImageTests {
  @Test func `an image carries all of its headers`() throws {
    let fixture = try ServiceFixture()
    let path = fixture.imagePath()
    fixture.wait(seconds: 600)
    let response = fixture.get(path)
    let id = path.dropFirst("/images/".count).dropLast(".png".count)
    let expected = [
      "Content-Type": "image/png", "ETag": "\"\(id)\"", "Last-Modified": "Sun, 22 Nov 2026 12:00:00 GMT",
      "Cache-Control": "public, max-age=3000, immutable", "Content-Disposition": "inline; filename=\"\(id).png\"",
      "Accept-Ranges": "bytes", "Access-Control-Allow-Origin": "*", "X-FakeAI-Worker": "7-42",
      "Content-Length": "\(response.body.count)",
    ]
    for (name, value) in expected { #expect(response.header(name) == value) }
  }

  @Test func `HEAD reports the length and sends no body`() throws {
    let fixture = try ServiceFixture()
    let path = fixture.imagePath()
    let response = fixture.get(path, method: "HEAD")
    #expect(response.status == 200 && response.body.isEmpty)
    #expect(response.header("Content-Length") == "\(fixture.get(path).body.count)")
  }

  @Test(arguments: [("\"ID\"", 304), ("W/\"ID\"", 304), ("*", 304), ("\"x\", \"ID\"", 304), ("\"x\"", 200), ("ID", 200), ("", 200)])
  func `a client that has the image gets status 304`(condition: String, status: Int) throws {
    let fixture = try ServiceFixture()
    let path = fixture.imagePath()
    let id = String(path.dropFirst("/images/".count).dropLast(".png".count))
    let response = fixture.get(path, ["HTTP_IF_NONE_MATCH": condition.replacing("ID", with: id)])
    #expect(response.status == status)
    #expect(response.body.isEmpty == (status == 304))
  }

  @Test(
    arguments: [
      ("bytes=0-3", 206, 0..<4), ("bytes=4-", 206, 4..<100), ("bytes=-5", 206, 95..<100), ("bytes=0-9999999", 206, 0..<100),
      ("bytes=-9999999", 206, 0..<100), ("bytes=99-99", 206, 99..<100), ("bytes=100-", 416, nil), ("bytes=-0", 416, nil),
      ("bytes=5-4", 200, nil), ("bytes=0-1,3-4", 200, nil), ("lines=0-3", 200, nil), ("bytes=a-b", 200, nil), ("bytes=", 200, nil),
      ("bytes=99999999999999999999-", 416, nil),
    ] as [(String, Int, Range<Int>?)])
  func `a range is cut out`(range: String, status: Int, expected: Range<Int>?) throws {
    // The table is for an image of 100 bytes; the last bytes of this image stand in for it.
    let fixture = try ServiceFixture()
    let path = fixture.imagePath()
    let whole = fixture.get(path).body
    let length = whole.count
    let scaled = range.replacing("99-99", with: "\(length - 1)-\(length - 1)").replacing("100-", with: "\(length)-")
    let response = fixture.get(path, ["HTTP_RANGE": scaled])
    #expect(response.status == status)
    if let expected {
      let upper = expected.upperBound == 100 ? length : expected.upperBound
      let lower = expected.lowerBound >= 95 ? length - (100 - expected.lowerBound) : expected.lowerBound
      #expect(response.body == Array(whole[lower..<upper]))
      #expect(response.header("Content-Range") == "bytes \(lower)-\(upper - 1)/\(length)")
      #expect(response.header("Content-Length") == "\(upper - lower)")
    } else if status == 416 {
      #expect(response.header("Content-Range") == "bytes */\(length)")
    } else {
      #expect(response.body == whole)
    }
  }

  @Test func `a range of an image that has changed is the whole image`() throws {
    let fixture = try ServiceFixture()
    let response = fixture.get(fixture.imagePath(), ["HTTP_RANGE": "bytes=0-3", "HTTP_IF_RANGE": "\"other\""])
    #expect(response.status == 200 && response.body.count > 4)
  }

  @Test(arguments: ImageFormat.allCases)
  func `an image is found under its own extension only`(format: ImageFormat) throws {
    let fixture = try ServiceFixture()
    let id = try fixture.service.generator.store([1, 2, 3], format: format)
    let types = ["png": "image/png", "jpg": "image/jpeg", "webp": "image/webp", "gif": "image/gif", "svg": "image/svg+xml"]
    let own = format == .jpeg ? "jpg" : format.rawValue
    for (name, type) in types {
      let response = fixture.get("/images/\(id).\(name)")
      #expect(response.status == (name == own ? 200 : 404))
      guard name == own else { continue }
      #expect(response.header("Content-Type") == type)
      #expect(response.header("Content-Disposition") == "inline; filename=\"\(id).\(name)\"")
    }
    for name in ["", ".", ".jpeg", ".PNG", "png", ".png.png", ".png/"] { #expect(fixture.get("/images/\(id)\(name)").status == 404) }
  }

  @Test func `an image that has expired is gone`() throws {
    let fixture = try ServiceFixture()
    let path = fixture.imagePath()
    fixture.wait(seconds: 3600)
    let response = fixture.get(path)
    #expect(response.status == 404)
    #expect(response.text == Response.errorText("Image not found or expired"))
  }

  @Test(arguments: [
    "0000000000008abc8def0123456789ab.png", "0000000000008ABC8DEF0123456789AB.png", "0000000000008abc8def0123456789a.png", "x.png", ".png",
    "0000000000008abc8def0123456789ab.jpg", "0000000000008abc8def0123456789ab", "%2e%2e", "..",
  ])
  func `any other id is not found`(file: String) throws {
    let response = try ServiceFixture().get("/images/\(file)")
    #expect(response.status == 404)
    #expect(response.text == Response.errorText("Image not found or expired"))
  }
}
