import Answers
import Glibc
import Redis
import RedisTesting
import RingTesting
import SharedMemory
import Synchronization
import Testing

@testable import Journal

// What every journal must do, wherever it is kept.

enum JournalKind: CaseIterable {
  case memory, redis, cluster

  var fixture: any JournalFixture {
    switch self {
    case .memory: SharedMemoryJournal()
    case .redis: RedisHosts(client: SharedServers.client)
    case .cluster: RedisHosts(client: SharedServers.clusterClient)
    }
  }
}

/// Opens journals of one kind: each call opens the same journal, as another worker or another host would.
protocol JournalFixture: Sendable {
  func open(size: Int) throws -> any RequestLog
}

private final class SharedMemoryJournal: JournalFixture {
  private let place = TemporaryStore()

  func open(size: Int) throws -> any RequestLog { try Journal(of: PoolMemory(store: place.name, identity: 1), size: size) }
}

private struct RedisHosts: JournalFixture {
  let client: @Sendable () throws -> RedisClient
  let prefix = SharedServers.uniquePrefix()

  func open(size: Int) throws -> any RequestLog { RedisJournal(try client(), prefix: prefix, size: size) }
}

extension RequestLog {
  /// Adds an entry, which memory drops while its lock is held for long on a busy machine.
  fileprivate func add(status: Int, _ number: Int = 0) throws(JournalError) {
    while true {
      do throws(JournalError) { return try add("{\"number\":\(number)}", facts: [.status: "\(status)"]).wait() } catch {
        guard error == .dropped else { throw error }
        usleep(10_000)
      }
    }
  }

  fileprivate func sequences(_ wanted: JournalFilter = [:], since: UInt64? = nil, limit: Int = 1000) throws -> [UInt64] {
    try entries(wanted, since: since, limit: limit).wait().entries.map(\.sequence)
  }
}

@Suite(.timeLimit(.minutes(5))) struct RequestLogConformanceTests {
  @Test(arguments: JournalKind.allCases) func `entries of all hosts are in one order, and complete`(kind: JournalKind) throws {
    let fixture = kind.fixture
    let hosts = try (0..<3).map { _ in try fixture.open(size: 100) }
    for number in 0..<9 { try hosts[number % 3].add(status: 200, number) }
    for host in hosts {
      let page = try host.entries([:], since: nil, limit: 100).wait()
      #expect(page.entries == (0..<9).map { JournalPage.Entry(sequence: UInt64($0), text: "{\"number\":\($0)}") })
      #expect(page.oldest == 0 && page.next == 9)
    }
  }

  @Test(arguments: JournalKind.allCases) func `no number is missing or given twice with many hosts at once`(kind: JournalKind) throws {
    let fixture = kind.fixture
    let hosts = try (0..<3).map { _ in try fixture.open(size: 3000) }
    inParallel(3) { index in for _ in 0..<1000 { #expect(throws: Never.self) { try hosts[index].add(status: index) } } }
    #expect(try hosts[0].sequences(since: 0, limit: 5000) == (0..<3000).map { UInt64($0) })
    for index in 0..<3 { #expect(try hosts[index].sequences([.status: "\(index)"], limit: 5000).count == 1000) }
  }

  @Test(arguments: JournalKind.allCases) func `entries are found by fields, from a number on, or the last ones`(kind: JournalKind) throws {
    let fixture = kind.fixture
    let log = try fixture.open(size: 2000)
    for number in 0..<1000 { try log.add(status: number % 100 == 0 ? 429 : 200) }
    let wanted: JournalFilter = [.status: "429"]
    #expect(try log.sequences(wanted) == stride(from: 0, to: 1000, by: 100).map { UInt64($0) })
    #expect(try log.sequences(wanted, limit: 3) == [700, 800, 900])
    #expect(try log.sequences(wanted, since: 101, limit: 2) == [200, 300])
    let page = try log.entries(wanted, since: 101, limit: 2).wait()
    #expect(page.next == 400)
    #expect(try log.entries(wanted, since: 901, limit: 2).wait() == JournalPage(entries: [], oldest: 0, next: 1000))
    #expect(try log.entries([:], since: .max, limit: 2).wait() == JournalPage(entries: [], oldest: 0, next: 1000))
    #expect(try log.entries(wanted, since: 0, limit: 0).wait().entries.isEmpty)
    #expect(try log.sequences(since: 998) == [998, 999] && log.sequences(limit: 2) == [998, 999])
  }

  @Test(arguments: JournalKind.allCases) func `old entries make room, and the oldest is known`(kind: JournalKind) throws {
    let fixture = kind.fixture
    let log = try fixture.open(size: 10)
    for _ in 0..<500 { try log.add(status: 200) }
    let page = try log.entries([:], since: 0, limit: 1000).wait()
    #expect(page.entries.map(\.sequence) == (490..<500).map { UInt64($0) } && page.oldest == 490 && page.next == 500)
    #expect(try log.sequences() == (490..<500).map { UInt64($0) })
  }

  @Test(arguments: JournalKind.allCases) func `a client that waits sees each new entry of any host once`(kind: JournalKind) throws {
    let fixture = kind.fixture
    let (one, other) = (try fixture.open(size: 5000), try fixture.open(size: 5000))
    for _ in 0..<30 { try one.add(status: 200) }
    // From the beginning, and only what is new.
    var positions: [UInt64] = [0, 30]
    var found: [[UInt64]] = [[], []]
    func look() throws {
      for place in 0..<2 {
        let page = try other.news([.status: "200"], since: positions[place], limit: 7).wait()
        #expect(page.next >= positions[place])
        positions[place] = page.next
        found[place] += page.entries.map(\.sequence)
      }
    }
    for number in 0..<2500 {
      try one.add(status: number % 5 == 0 ? 200 : 404)
      if number % 100 == 0 { try look() }
    }
    #expect(
      try eventually {
        try look()
        return positions == [2530, 2530]
      })
    let new = stride(from: 30, to: 2530, by: 5).map { UInt64($0) }
    #expect(found[0] == (0..<30).map { UInt64($0) } + new)
    #expect(found[1] == new)
  }

  @Test(arguments: JournalKind.allCases) func `entries are removed by their fields, or all, and numbers continue`(kind: JournalKind) throws
  {
    let fixture = kind.fixture
    let (one, other) = (try fixture.open(size: 1000), try fixture.open(size: 1000))
    for number in 0..<600 { try one.add(status: number % 3 == 0 ? 404 : 200) }
    #expect(try other.remove([.status: "404"]).wait() == 200)
    #expect(try other.remove([.status: "404"]).wait() == 0)
    #expect(try one.sequences(limit: 3) == [596, 598, 599])
    #expect(try one.sequences([.status: "404"]).isEmpty && one.sequences().count == 400)
    #expect(try one.remove([:]).wait() == 400)
    #expect(try other.entries([:], since: nil, limit: 10).wait() == JournalPage(entries: [], oldest: 600, next: 600))
    try other.add(status: 200)
    #expect(try one.sequences() == [600])
  }

  @Test(arguments: JournalKind.allCases) func `an entry that is too long is dropped`(kind: JournalKind) throws {
    let fixture = kind.fixture
    let log = try fixture.open(size: 10)
    try log.add(String(repeating: " ", count: Journal.longestEntry), facts: [.session: "ü\0\r\n"]).wait()
    #expect(throws: JournalError.dropped) { try log.add(String(repeating: " ", count: Journal.longestEntry + 1), facts: [:]).wait() }
    #expect(try log.sequences([.session: "ü\0\r\n"]) == [0])
  }

  @Test func `without Redis, entries are dropped at once when too many wait, and reading fails`() throws {
    let server = try StandaloneServer()
    let log = RedisJournal(try server.client(RedisOptions(timeout: .milliseconds(300))), prefix: "test:", size: 10)
    try log.add(status: 200)
    server.process.pause()
    let dropped = Atomic(0)
    let failed = Atomic(0)
    for _ in 0..<RedisJournal.mostUnacknowledged + 5 {
      log.add("{}", facts: [:]).then { result in
        guard case .failure(let error) = result else { return }
        if error == .dropped { dropped.add(1, ordering: .relaxed) } else { failed.add(1, ordering: .relaxed) }
      }
    }
    #expect(dropped.load(ordering: .relaxed) == 5)
    #expect(throws: JournalError.self) { try log.entries([:], since: nil, limit: 1).wait() }
    #expect(throws: JournalError.self) { try log.remove([:]).wait() }
    #expect(eventually { failed.load(ordering: .relaxed) == RedisJournal.mostUnacknowledged })
    server.process.resume()
    #expect(eventually { (try? log.add(status: 200)) != nil })
    #expect(try !log.sequences([.status: "200"]).isEmpty)
  }
}
