import Atomics
import Glibc
import RingTesting
import SharedMemory
import Testing
@testable import Metrics

@Suite struct ScoreboardTests {
  private let place = TemporaryStore()
  private var name: String { place.name }

  @Test func `workers appear with their counts and disappear when they end`() throws {
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

  @Test func `a reused row starts at zero, and the totals continue`() throws {
    do {
      let dying = try Scoreboard(name: name, worker: 1)
      dying.countAnswer(route: nil, status: 418, latency: .milliseconds(2), bytes: 10)
      for _ in 0..<2 { dying.countDrawn(in: .milliseconds(4)) }
    }
    let next = try Scoreboard(name: name, worker: 2)
    #expect(next.workers().map { $0.counters[.requests] } == [0])
    next.countAnswer(route: nil, status: 418, latency: .seconds(700), bytes: 5)
    #expect(next.workers().map { $0.counters[.requests] } == [1])

    let totals = next.totals()
    #expect(totals.counters.filter { $0.value > 0 } == [.requests: 2, .refused: 2, .bytes: 15, .drawn: 2, .starts: 2])
    #expect(totals.counters.count == WorkerCounter.allCases.count)
    #expect(totals.answers == [.init(route: "other", status: 0, count: 2)])
    let latency = try #require(totals.latency.first).histogram
    #expect(latency.count == 2)
    #expect(latency.sum == 700_002_000_000)
    #expect([latency.quantile(0.5), latency.quantile(1)] == [0.0025, .infinity])
    #expect(totals.drawing.quantile(1) == 0.005)
    #expect(totals.drawing.count == 2)
  }

  @Test func `answers are counted by route and status`() throws {
    let routes = ["/a", "/b/{c}"]
    let scoreboard = try Scoreboard(name: name, worker: 1, routes: routes)
    for (route, status) in [(0, 200), (0, 200), (1, 404), (nil, 404), (99, 200)] as [(Int?, Int)] {
      scoreboard.countAnswer(route: route, status: status, latency: .zero, bytes: 0)
    }
    let watcher = try Scoreboard(name: name, worker: nil, routes: routes)
    #expect(
      watcher.totals().answers == [
        .init(route: "other", status: 200, count: 1), .init(route: "other", status: 404, count: 1),
        .init(route: "/a", status: 200, count: 2),
        .init(route: "/b/{c}", status: 404, count: 1),
      ])
  }

  @Test func `a regular exit is marked, a killed worker is counted by the next`() throws {
    let watcher = try Scoreboard(name: name, worker: 1)
    do { _ = try Scoreboard(name: name, worker: 2) }
    do {
      let killed = try Scoreboard(name: name, worker: 3)
      #expect(killed.workers().map(\.state) == [.starting, .starting])
      #expect(watcher.totals().counters[.deaths] == 0)
    }
    // It marked its exit, which a killed worker does not.
    watcher.word(1, .state).store(WorkerState.serving.rawValue, ordering: .relaxed)
    let next = try Scoreboard(name: name, worker: 4)
    #expect(next.totals().counters[.deaths] == 1)
    #expect(next.totals().counters[.starts] == 4)
  }

  @Test func `a new route or another order of routes changes no other counter`() throws {
    let name = "test-\(UInt64.random(in: 0 ... .max))"
    defer { Scoreboard.remove(name) }
    let old = try Scoreboard(name: name, worker: 1, routes: ["/a", "/b"])
    old.countAnswer(route: 0, status: 200, latency: .zero, bytes: 0)
    old.countAnswer(route: 1, status: 404, latency: .zero, bytes: 0)
    let new = try Scoreboard(name: name, worker: 2, routes: ["/new", "/b", "/a"])
    new.countAnswer(route: 0, status: 200, latency: .zero, bytes: 0)
    new.countAnswer(route: 2, status: 200, latency: .zero, bytes: 0)
    let answers = new.totals().answers
    #expect(answers.count == 3)
    #expect(answers.first { $0.route == "/a" } == .init(route: "/a", status: 200, count: 2))
    #expect(answers.first { $0.route == "/b" } == .init(route: "/b", status: 404, count: 1))
    #expect(answers.first { $0.route == "/new" } == .init(route: "/new", status: 200, count: 1))
    // A build that does not know a route leaves its counters unchanged.
    #expect(Set(old.totals().answers.map(\.route)) == ["/a", "/b"])
  }

  @Test func `no part of a row overlaps another`() {
    typealias Layout = ScoreboardLayout
    var words = Layout.Field.allCases.map(\.rawValue)
    words += WorkerCounter.allCases.flatMap { [Layout.counter($0), Layout.baseline($0)] }
    words += (0..<DurationHistogram.drawingBounds.count + 2).map { Layout.drawing + $0 }
    for route in 0..<Layout.mostRoutes {
      words += (Layout.statuses + [418]).map { Layout.answers(route: route, status: $0) }
      words += (0..<DurationHistogram.latencyBounds.count + 2).map { Layout.latency(route: route) + $0 }
    }
    #expect(Set(words).count == words.count)
    #expect(words.max()! < Layout.wordsPerRow)
    Layout.check()
  }

  @Test func `a reader takes no row and creates nothing`() throws {
    #expect(throws: (any Error).self) { _ = try Scoreboard(name: name, worker: nil) }
  }
}
