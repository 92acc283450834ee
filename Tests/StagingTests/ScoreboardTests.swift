import Glibc
import Staging
import Testing

@Suite struct ScoreboardTests {
  @Test func `workers show up with their counts and go when they end`() throws {
    let name = "test-\(UInt64.random(in: 0 ... .max))"
    defer { Scoreboard.remove(name) }
    let first = try Scoreboard(name: name, worker: 1)
    do {
      let second = try Scoreboard(name: name, worker: 2)
      second.count(.drawn, 3)
      let seen = first.workers()
      #expect(seen.map(\.number) == [1, 2])
      #expect(seen.map(\.processID) == [getpid(), getpid()])
      #expect(seen[1].counters[.drawn] == 3)
      #expect(seen[0].counters[.drawn] == 0)
    }
    #expect(first.workers().map(\.number) == [1])
  }

  @Test func `a row that was taken over starts at zero`() throws {
    let name = "test-\(UInt64.random(in: 0 ... .max))"
    defer { Scoreboard.remove(name) }
    do {
      let dying = try Scoreboard(name: name, worker: 1)
      dying.count(.requests, 7)
    }
    let next = try Scoreboard(name: name, worker: 2)
    #expect(next.workers().map { $0.counters[.requests] } == [0])
  }

  @Test func `who only looks takes no row and creates nothing`() throws {
    let name = "test-\(UInt64.random(in: 0 ... .max))"
    #expect(throws: (any Error).self) { _ = try Scoreboard(name: name, worker: nil) }
  }
}
