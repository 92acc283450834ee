import SystemCalls
import Testing

@testable import OpenAIAPI

@Suite struct HTTPDateTests {
  /// 2026-11-22T12:00:00Z.
  private static let now: Int64 = 1_795_348_800

  private func seconds(_ text: String) -> Int64? { HTTPDate(text, now: Self.now)?.seconds }

  @Test(arguments: [
    ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
    ("Sun Nov  6 08:49:37 1994", 784_111_777), ("Wed Nov 16 08:49:37 1994", 784_975_777), (" Sun, 06 Nov 1994 08:49:37 GMT\t", 784_111_777),
    // The name of the day is not checked.
    ("Mon, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Wed, 31 Dec 1969 23:59:59 GMT", -1),
    ("Thu, 29 Feb 2024 00:00:00 GMT", 1_709_164_800), ("Tue, 29 Feb 2000 23:59:59 GMT", 951_868_799),
    ("Sat, 31 Dec 2016 23:59:60 GMT", 1_483_228_800), ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799),
    ("Sat, 01 Jan 0000 00:00:00 GMT", -62_167_219_200),
    // Two digits: at most 50 years ahead.
    ("Saturday, 22-Nov-75 12:00:00 GMT", 3_341_649_600), ("Monday, 22-Nov-77 12:00:00 GMT", 249_048_000),
    ("Friday, 31-Dec-99 23:59:59 GMT", 946_684_799), ("Sunday, 22-Nov-26 12:00:00 GMT", 1_795_348_800),
  ])
  func `a date is read in each of its formats`(text: String, expected: Int64) { #expect(seconds(text) == expected) }

  @Test(arguments: [
    "", "0", "yesterday", "1994-11-06T08:49:37Z", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC",
    "Sun, 06 Nov 1994 08:49:37 +0000",
    "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 94 08:49:37 GMT", "Sun, 06-Nov-1994 08:49:37 GMT", "Sunday, 06-Nov-1994 08:49:37 GMT",
    "Sun, 31 Nov 1994 08:49:37 GMT", "Sun, 00 Nov 1994 08:49:37 GMT", "Wed, 29 Feb 2023 00:00:00 GMT", "Mon, 29 Feb 1900 00:00:00 GMT",
    "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:00 GMT", "Sun, 06 Nov 1994 08:49:61 GMT", "Sun, 06 Foo 1994 08:49:37 GMT",
    "Sun  06 Nov 1994 08:49:37 GMT", "sun, 06 nov 1994 08:49:37 gmt", "Sun, 06 Nov 1994 8:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT; x=1",
    "Sun Nov 6 08:49:37 1994", "Sun Nov 06 08:49:37 94", "Sun Nov  6 08:49:37 1994 GMT", "Sun, 0６ Nov 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
  ])
  func `anything else is no date`(text: String) { #expect(seconds(text) == nil) }

  @Test func `what the server sends is read as the same instant`() {
    for day in stride(from: Int64(0), through: 60_000, by: 37) {
      let instant = day * 86_400 + day % 86_400
      #expect(seconds(UniversalTime.httpDate(instant * WallClock.nanosecondsPerSecond)) == instant)
    }
  }
}
