import Testing

@testable import OpenAIAPI

@Suite struct DataURLTests {
  private func content(_ url: String) -> String? {
    (try? DataURL(Array(url.utf8)[...])?.content()).map { String(decoding: $0, as: UTF8.self) }
  }

  @Test(arguments: [
    ("data:image/png;base64,aGVsbG8=", "hello"), ("data:image/png;base64,aGVsbG8", "hello"), ("data:;base64,aGVsbG8h", "hello!"),
    ("DATA:image/png;BASE64,aGVsbG8=", "hello"), ("data:image/png; base64,aGVsbG8=", "hello"),
    ("data:image/png;base64, aGVs\r\nbG8=\n", "hello"), ("data:image/png;base64,aGVsbG8%3D", "hello"), ("data:;base64,%61GVsbG8=", "hello"),
    ("data:;base64,+/+/", "\u{fffd}\u{fffd}\u{fffd}"), ("data:;base64,%2B/%2b/", "\u{fffd}\u{fffd}\u{fffd}"), ("data:,a%20b%", "a b%"),
    ("data:text/plain,hello", "hello"), ("data:;base64,aA==", "h"), ("data:;base64,aGU=", "he"),
    ("data:image/png;charset=x;base64,aGVs", "hel"), ("data:;base64;base64,aGVs", "hel"), ("data:image/png;  bAsE64,aGVs", "hel"),
    ("data:image/png;base64 \t,aGVs", "hel"), ("data:;base64=,aGVs", "aGVs"), ("data:;base 64,aGVs", "aGVs"), ("data:base64,aGVs", "aGVs"),
    ("data:;xbase64,aGVs", "aGVs"), ("data:;base64;charset=x,aGVs", "aGVs"), ("data:;base64 ;,aGVs", "aGVs"),
    (" \n data:;base64,aGVs \r\n", "hel"), ("da\r\nta:;bas\ne64,aGVs", "hel"), ("data:,a\n b\t ", "a b"), ("data:,a%0Ab%20 ", "a\nb "),
    ("data:;base64,aGVs#bG8h", "hel"), ("data:,a#b", "a"), ("data:,a%23b,c", "a#b,c"),
    ("data:;base64,aG%0aVs%20", "hel"), ("data:image/png,aGVs", "aGVs"), ("data:,%zz%f", "%zz%f"),
    ("data:image/png;name=\"a;base64\",x", "x"),
  ]) func `a URL is read as a browser reads it`(url: String, expected: String) { #expect(content(url) == expected) }

  static let unreadable: [(url: String, problem: DataURL.Problem)] = [
    ("data:", .commaMissing), ("data:image/png", .commaMissing), ("data:image/png;base64", .commaMissing), ("data:#,a", .commaMissing),
    ("data:image/png;base64,", .empty), ("data:,", .empty), ("data:,#a", .empty), ("data:;base64, \n", .empty),
    ("data:;base64,a", .lengthInvalid), ("data:;base64,aGVsb", .lengthInvalid), ("data:;base64,aGVs=", .lengthInvalid),
    ("data:;base64,aG=Vs", .lengthInvalid), ("data:;base64,aA=", .lengthInvalid), ("data:;base64,aA===", .lengthInvalid),
    ("data:;base64,====", .lengthInvalid), ("data:;base64,=", .lengthInvalid), ("data:;base64,aGV*", .byteInvalid(0x2a)),
    ("data:;base64,aGV-", .byteInvalid(0x2d)), ("data:;base64,aGV_", .byteInvalid(0x5f)), ("data:;base64,aGVs%2D", .byteInvalid(0x2d)),
    ("data:;base64,aGVs\u{e9}", .byteInvalid(0xc3)), ("data:;base64,aGVs%23", .byteInvalid(0x23)), ("data:;base64,%", .byteInvalid(0x25)),
    ("data:;base64,aGVs,", .byteInvalid(0x2c)), ("data:;base64,aGVs%", .byteInvalid(0x25)), ("data:;base64,aGVs%0", .byteInvalid(0x25)),
    ("data:;base64,aG\u{0}Vs", .byteInvalid(0x00)),
  ]

  @Test(arguments: unreadable) func `a URL without valid content says why`(url: String, problem: DataURL.Problem) throws {
    let parsed = try #require(DataURL(Array(url.utf8)[...]))
    #expect(throws: problem) { try parsed.content() }
    #expect(problem.description.utf8.allSatisfy { (32...126).contains($0) })
  }

  @Test(arguments: ["", "data", "dat:,", "https://example.com/data:", "xdata:,a", "javascript:alert(1)"])
  func `another scheme is not a data URL`(url: String) { #expect(DataURL(Array(url.utf8)[...]) == nil) }
}
