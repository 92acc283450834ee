import Testing

@testable import fakeai_images

@Suite struct TextTableTests {
  @Test func `a column is as wide as its widest cell, with numbers to the right`() {
    let table = TextTable(
      columns: [.init("NAME", .left), .init("COUNT"), .init("REMARK", .left)], rows: [["a", "12345678", "x"], ["long name", "1", ""]])
    #expect(
      table.text == """
        NAME          COUNT  REMARK
        a          12345678  x
        long name         1
        """)
  }

  @Test(arguments: [
    (0, "0 B"), (999, "999 B"), (1000, "1 KiB"), (1536, "1.5 KiB"), (10_240, "10 KiB"), (1 << 20, "1 MiB"), (256 << 20, "256 MiB"),
    (64 << 30, "64 GiB"), (1 << 50, "1048576 GiB"),
  ])
  func `bytes are shown in the unit that leaves few digits`(_ count: Int, _ text: String) {
    #expect(Quantity.bytes(Double(count)) == text)
  }

  @Test(arguments: [
    (0.0, "0 s"), (0.25, "0.3 s"), (59.4, "59 s"), (60, "1 min"), (5400, "1.5 h"), (86400, "1 d"), (604_800, "7 d"),
  ])
  func `durations are shown in the unit that leaves few digits`(_ seconds: Double, _ text: String) {
    #expect(Quantity.duration(.seconds(seconds)) == text)
  }
}
