import CPOSIX
import Glibc
import SharedMemory
import Testing

@testable import ImageStore

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

  @Test func `each random bit is set in half of the ids`() {
    let count = 40_000
    var set = [Int](repeating: 0, count: 128)
    for _ in 0..<count {
      let key = ImageID(sequence: 0).key
      for bit in 0..<64 {
        set[bit] += Int(key.low >> bit & 1)
        set[64 + bit] += Int(key.high >> bit & 1)
      }
    }
    // 62 bits below the variant, 12 below the version. Six standard deviations: all 74 stay within in all but one of ten million runs.
    let tolerance = 6 * Double(count).squareRoot() / 2
    for bit in Array(0..<62) + Array(64..<76) {
      #expect(abs(Double(set[bit]) - Double(count) / 2) < tolerance, "bit \(bit): \(set[bit]) of \(count)")
    }
  }

  @Test func `a process and its fork make different ids`() {
    var pipe: [CInt] = [0, 0]
    #expect(Glibc.pipe(&pipe) == 0)
    // An ID before the fork: anything that a generator buffers would then be inherited.
    _ = ImageID(sequence: 7)
    let copy = cposix_fork()
    if copy == 0 {
      var keys = (ImageID(sequence: 7).key, ImageID(sequence: 7).key)
      write(pipe[1], &keys, MemoryLayout.size(ofValue: keys))
      _exit(0)
    }
    let own = [ImageID(sequence: 7).key, ImageID(sequence: 7).key]
    var others = (own[0], own[0])
    #expect(read(pipe[0], &others, MemoryLayout.size(ofValue: others)) == MemoryLayout.size(ofValue: others))
    waitpid(copy, nil, 0)
    pipe.forEach { close($0) }
    #expect(Set(own + [others.0, others.1]).count == 4)
  }

  @Test(arguments: [
    "", "../", "0000000000008abc8def0123456789a", "0000000000008abc8def0123456789abc", "0000000000008ABC8DEF0123456789AB",
    "0000000000008abc8def0123456789ag", "0000000000004abc8def0123456789ab", "0000000000008abccdef0123456789ab",
    "00000000-0000-8abc-8def-0123456789", " 000000000008abc8def0123456789ab", "０000000000008abc8def0123456789",
  ])
  func `any other text is not an id`(text: String) {
    #expect(ImageID(text) == nil)
  }

  @Test func `the text that the invalid ones differ from is an id`() {
    #expect(ImageID("0000000000008abc8def0123456789ab") != nil)
  }
}
