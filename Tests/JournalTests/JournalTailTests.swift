import Testing
@testable import Journal

@Suite struct JournalTailTests {
  private static func entry(_ sequence: UInt64) -> JournalTail.Entry { JournalTail.Entry(sequence: sequence, facts: [], text: []) }

  @Test func `a new entry is read once, however many clients look for it`() {
    let tail = JournalTail(from: 0)
    var reads = 0
    for next in stride(from: UInt64(10), through: 100, by: 10) {
      for _ in 0..<1000 {
        let found = tail.entries(from: next - 10, to: next, limit: 20, where: { _ in true }) { sequence in
          reads += 1
          return Self.entry(sequence)
        }
        #expect(found?.map(\.sequence) == Array(next - 10..<next))
      }
    }
    #expect(reads == 100)
  }

  @Test func `a request beyond the tail must read the journal`() {
    let tail = JournalTail(from: 0)
    #expect(tail.entries(from: 0, to: 5000, limit: 10, where: { _ in true }, read: Self.entry) == nil)
    #expect(tail.entries(from: 4990, to: 5000, limit: 100, where: { _ in true }, read: Self.entry)?.count == 10)
    #expect(tail.entries(from: 4990, to: 5100, limit: 200, where: { _ in true }, read: Self.entry)?.count == 110)
    #expect(tail.entries(from: 4000, to: 5100, limit: 200, where: { _ in true }, read: Self.entry) == nil)
  }

  @Test func `entries that vanish before they are read are skipped`() {
    let tail = JournalTail(from: 0)
    let found = tail.entries(from: 0, to: 10, limit: 10, where: { $0.sequence > 1 }) { $0 % 2 == 0 ? nil : Self.entry($0) }
    #expect(found?.map(\.sequence) == [3, 5, 7, 9])
  }
}
