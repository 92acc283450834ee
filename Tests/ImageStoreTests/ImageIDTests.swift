import ImageStore
import Testing

@Suite struct ImageIDTests {
  @Test(arguments: [0, 1, 4711, 1 << 48 - 1] as [UInt64])
  func `an id is 32 lowercase hexadecimal digits that parse back`(sequence: UInt64) throws {
    let id = ImageID(sequence: sequence)
    let text = id.description
    #expect(text.utf8.count == 32)
    #expect(text.allSatisfy { "0123456789abcdef".contains($0) })
    #expect(ImageID(text) == id)
    #expect(id.sequence == sequence)
  }

  @Test func `an id is a UUID of version 8`() {
    let digits = Array(ImageID(sequence: 7).description)
    #expect(digits[12] == "8")
    #expect("89ab".contains(digits[16]))
  }

  @Test func `ids of one sequence number differ in their random bits`() {
    let ids = Set((0..<1000).map { _ in ImageID(sequence: 7) })
    #expect(ids.count == 1000)
  }

  @Test(arguments: [
    "", "../", "0000000000008abc8def0123456789a", "0000000000008abc8def0123456789abc", "0000000000008ABC8DEF0123456789AB",
    "0000000000008abc8def0123456789ag", "0000000000004abc8def0123456789ab", "0000000000008abccdef0123456789ab",
    "00000000-0000-8abc-8def-0123456789", " 000000000008abc8def0123456789ab", "０000000000008abc8def0123456789",
  ])
  func `anything else is no id`(text: String) {
    #expect(ImageID(text) == nil)
  }

  @Test func `the shortest change away from the refused ones is an id`() {
    #expect(ImageID("0000000000008abc8def0123456789ab") != nil)
  }
}
