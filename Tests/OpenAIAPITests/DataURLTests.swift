import Testing

@testable import OpenAIAPI

@Suite struct DataURLTests {
  private func content(_ url: String) -> String? {
    DataURL(Array(url.utf8)[...])?.content().map { String(decoding: $0, as: UTF8.self) }
  }

  @Test(arguments: [
    ("data:image/png;base64,aGVsbG8=", "hello"), ("data:image/png;base64,aGVsbG8", "hello"), ("data:;base64,aGVsbG8h", "hello!"),
    ("DATA:image/png;BASE64,aGVsbG8=", "hello"), ("data:image/png; base64,aGVsbG8=", "hello"),
    ("data:image/png;base64, aGVs\r\nbG8=\n", "hello"), ("data:image/png;base64,aGVsbG8%3D", "hello"), ("data:;base64,%61GVsbG8=", "hello"),
    ("data:;base64,+/+/", "\u{fffd}\u{fffd}\u{fffd}"), ("data:;base64,%2B/%2b/", "\u{fffd}\u{fffd}\u{fffd}"), ("data:,a%20b%", "a b%"),
    ("data:text/plain,hello", "hello"), ("data:;base64,aA==", "h"), ("data:;base64,aGU=", "he"),
    ("data:image/png;charset=x;base64,aGVs", "hel"),
  ]) func `a URL is read as a browser reads it`(url: String, expected: String) { #expect(content(url) == expected) }

  @Test(arguments: [
    "data:", "data:image/png", "data:image/png;base64", "data:image/png;base64,", "data:;base64,a", "data:;base64,aGVsb",
    "data:;base64,aGVs=",
    "data:;base64,aG=Vs", "data:;base64,aA=", "data:;base64,aA===", "data:;base64,====", "data:;base64,aGV*", "data:;base64,aGV-",
    "data:;base64,aGVsé",
  ]) func `a URL without valid content has none`(url: String) {
    #expect(DataURL(Array(url.utf8)[...]) != nil)
    #expect(content(url) == nil)
  }

  @Test(arguments: ["", "data", "dat:,", "https://example.com/data:", "xdata:,a", "javascript:alert(1)"])
  func `another scheme is not a data URL`(url: String) { #expect(DataURL(Array(url.utf8)[...]) == nil) }
}
