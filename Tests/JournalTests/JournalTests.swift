import RingTesting
import SharedMemory
import Synchronization
import SystemCalls
import Testing

@testable import Journal

@Suite(.timeLimit(.minutes(5))) struct JournalTests {
  /// A journal with a name of its own, at a time that the test sets.
  private final class Fixture: Sendable {
    private let place = TemporaryStore()
    var pool: PoolMemory { PoolMemory(store: place.name, identity: 1) }
    let time = Atomic<Int64>(1_795_348_800_000_000_000)

    func journal(size: Int = 10) throws -> Journal {
      try Journal(of: pool, size: size, clock: WallClock { self.time.load(ordering: .relaxed) })
    }
  }

  @Test func `entries of one worker are read by another, oldest first`() throws {
    let fixture = Fixture()
    let writer = try fixture.journal()
    let reader = try fixture.journal()
    for number in 0..<3 { #expect(writer.record("{\"number\":\(number)}", facts: [:])) }
    let page = reader.page(limit: 10)
    #expect(page.entries.map(\.text) == ["{\"number\":0}", "{\"number\":1}", "{\"number\":2}"])
    #expect(page.entries.map(\.sequence) == [0, 1, 2])
    #expect(page.next == 3)
  }

  @Test(arguments: [1, 10, 100]) func `the journal holds as many entries as configured, of any length`(size: Int) throws {
    let journal = try Fixture().journal(size: size)
    let facts = JournalFacts { _ in String(repeating: "x", count: 300) }
    let longest = String(repeating: " ", count: Journal.longestEntry)
    for _ in 0..<3 * size { #expect(journal.record(longest, facts: facts)) }
    #expect(journal.page(limit: 1000).entries.map(\.sequence) == (UInt64(2 * size)..<UInt64(3 * size)).map { $0 })
    for _ in 0..<3 * size { #expect(journal.record("{}", facts: [:])) }
    #expect(journal.page(limit: 1000).entries.count == size)
  }

  @Test func `workers with journals of different sizes do not disturb each other`() throws {
    let fixture = Fixture()
    let old = try fixture.journal(size: 10)
    _ = old.record("{}", facts: [:])
    #expect(try fixture.journal(size: 10).page(limit: 10).entries.count == 1)
    let new = try fixture.journal(size: 20)
    #expect(new.page(limit: 10).entries.isEmpty)
    #expect(!old.isRemoved && !new.isRemoved)
    #expect(old.record("{}", facts: [:]) && new.record("{}", facts: [:]))
  }

  @Test func `an entry that is too long is dropped`() throws {
    let journal = try Fixture().journal()
    #expect(!journal.record(String(repeating: " ", count: Journal.longestEntry + 1), facts: [:]))
    #expect(journal.page(limit: 10).entries.isEmpty)
  }

  @Test func `entries are found by each of their fields, and by several`() throws {
    let journal = try Fixture().journal()
    for field in JournalField.allCases { _ = journal.record("{\"\(field.rawValue)\":1}", facts: [field: "wanted"]) }
    _ = journal.record("{\"both\":1}", facts: [.model: "dall-e-3", .status: "200"])
    for field in JournalField.allCases {
      #expect(journal.page([field: "wanted"], limit: 10).entries.map(\.text) == ["{\"\(field.rawValue)\":1}"])
    }
    #expect(journal.page([.model: "dall-e-3", .status: "200"], limit: 10).entries.count == 1)
    #expect(journal.page([.model: "dall-e-3", .status: "201"], limit: 10).entries.isEmpty)
    #expect(journal.page([.model: "dall-e-"], limit: 10).entries.isEmpty)
    #expect(journal.page([.fault: ""], limit: 10).entries.count == 7)
  }

  @Test func `a value longer than the stored prefix is found by that prefix`() throws {
    let journal = try Fixture().journal()
    let path = "/" + String(repeating: "ä", count: 500)
    _ = journal.record("{}", facts: [.path: path, .fault: "timeout"])
    #expect(journal.page([.path: path, .fault: "timeout"], limit: 10).entries.count == 1)
  }

  @Test func `a reader gets everything page by page`() throws {
    let journal = try Fixture().journal()
    for number in 0..<9 { _ = journal.record("{}", facts: [.status: number % 3 == 0 ? "429" : "200"]) }
    #expect(journal.page(limit: 2).entries.map(\.sequence) == [7, 8])
    let first = journal.page([.status: "429"], since: 1, limit: 1)
    #expect(first.entries.map(\.sequence) == [3] && first.next == 6)
    let second = journal.page([.status: "429"], since: first.next, limit: 1)
    #expect(second.entries.map(\.sequence) == [6] && second.next == 9)
    #expect(journal.page(since: 9, limit: 10) == JournalPage(entries: [], oldest: 0, next: 9))
    #expect(journal.page(since: .max, limit: 10) == JournalPage(entries: [], oldest: 0, next: 9))
    #expect(journal.page(limit: 0) == JournalPage(entries: [], oldest: 0, next: 9))
  }

  @Test func `a cleared journal continues its sequence numbers`() throws {
    let journal = try Fixture().journal()
    for _ in 0..<3 { _ = journal.record("{}", facts: [:]) }
    #expect(journal.clear() == 3)
    #expect(journal.page(limit: 10) == JournalPage(entries: [], oldest: 3, next: 3))
    _ = journal.record("{}", facts: [:])
    #expect(journal.page(limit: 10).entries.map(\.sequence) == [3])
  }

  @Test func `clearing removes only the entries that match, also for a client that waits`() throws {
    let journal = try Fixture().journal(size: 100)
    var (since, other): (UInt64, UInt64) = (0, 0)
    for number in 0..<9 { _ = journal.record("{\(number)}", facts: [.session: "\(number % 3)"]) }
    // The entries are in the tail that waiting clients read before they are cleared.
    #expect(journal.news(JournalFilter(), since: &other, limit: 100)?.entries.count == 9)
    #expect(journal.clear([.session: "1"]) == 3)
    #expect(journal.clear([.session: "1"]) == 0)
    #expect(journal.page(limit: 100).entries.map(\.sequence) == [0, 2, 3, 5, 6, 8])
    #expect(journal.page([.session: "1"], since: 0, limit: 100) == JournalPage(entries: [], oldest: 0, next: 9))
    #expect(journal.news(JournalFilter(), since: &since, limit: 100)?.entries.map(\.sequence) == [0, 2, 3, 5, 6, 8])
    _ = journal.record("{}", facts: [.session: "1"])
    #expect(journal.page([.session: "1"], limit: 100).entries.map(\.sequence) == [9])
    #expect(journal.clear() == 7)
  }

  @Test func `an entry of a version without sessions has none, and is found by its other fields`() throws {
    let all: JournalFacts = [.method: "GET", .status: "200"]
    let facts = Array(all.bytes.dropLast())
    func matches(_ bytes: [UInt8], _ wanted: [JournalField: String]) -> Bool { JournalFacts.match(bytes.span, JournalFilter(wanted)) }
    #expect(matches(facts, [.status: "200"]) && matches(facts, [.session: ""]))
    #expect(!matches(facts, [.session: "a"]) && !matches([], [.status: "200"]))
  }

  @Test func `a stopped writer costs one wait, then entries are dropped at once for a second`() throws {
    let fixture = Fixture()
    let journal = try fixture.journal()
    let writer = LockHolder(of: fixture.pool.journal(size: 10))
    #expect(!journal.record("{}", facts: [:]))
    // No other attempt waits: 2,000 waits of 50 ms would take longer than the test may.
    for _ in 0..<2000 { #expect(!journal.record("{}", facts: [:])) }
    writer.release()
    #expect(!journal.record("{}", facts: [:]))
    fixture.time.add(1_000_000_000, ordering: .relaxed)
    #expect(journal.record("{}", facts: [:]))
  }

  @Test func `a waiting client gets each match once, in order`() throws {
    let journal = try Fixture().journal(size: 5000)
    var since: UInt64 = 0
    #expect(journal.news(JournalFilter(), since: &since, limit: 10) == nil)
    for number in 0..<100 { _ = journal.record("{\(number)}", facts: [.status: number % 3 == 0 ? "429" : "200"]) }
    var found: [UInt64] = []
    while let page = journal.news(JournalFilter([.status: "429"]), since: &since, limit: 10) {
      #expect(page.entries.count <= 10 && page.next == since)
      found += page.entries.map(\.sequence)
    }
    #expect(found == (0..<100).filter { $0 % 3 == 0 } && since == 100)
  }

  @Test func `a waiting client misses nothing between two polls`() throws {
    let journal = try Fixture().journal(size: 5000)
    var (eager, lazy): (UInt64, UInt64) = (0, 0)
    var eagerlyFound = 0
    for number in 0..<4000 {
      _ = journal.record("{\(number)}", facts: [:])
      guard number % 100 == 99 else { continue }
      while let page = journal.news(JournalFilter(), since: &eager, limit: 60) { eagerlyFound += page.entries.count }
    }
    var lazilyFound: [UInt64] = []
    while let page = journal.news(JournalFilter(), since: &lazy, limit: 1000) { lazilyFound += page.entries.map(\.sequence) }
    #expect(eagerlyFound == 4000 && lazilyFound == Array(0..<4000))
  }
}
