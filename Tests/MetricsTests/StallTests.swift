import Atomics
import RingTesting
import SystemCalls
import Testing
@testable import Metrics

@Suite struct StallTests {
  private let place = TemporaryStore()
  private var name: String { place.name }

  /// Another worker's published state, and whether it counts as a peer.
  static let peers: [(pool: UInt64, state: WorkerState, stall: Duration?, counts: Bool)] = [
    (7, .serving, nil, true), (7, .serving, .milliseconds(20), true), (7, .serving, .seconds(20), false), (8, .serving, nil, false),
    (7, .draining, nil, false), (7, .starting, nil, false), (7, .left, nil, false),
  ]

  @Test(arguments: peers)
  func `only a serving worker of the same pool that does not stall counts as a peer`(
    peer: (pool: UInt64, state: WorkerState, stall: Duration?, counts: Bool)
  ) throws {
    let own = try Scoreboard(name: name, worker: 1)
    let other = try Scoreboard(name: name, worker: 2)
    own.show(pool: 7)
    own.enter(.serving)
    other.show(pool: peer.pool)
    other.enter(peer.state)
    other.show(stallSince: peer.stall.map { .now - $0 })
    // Long enough that no pause of this process can turn a stall of 20 ms into one of that length.
    let hasPeer = own.hasPeer(stallingAtMost: .seconds(10))
    #expect(hasPeer == peer.counts)
  }

  @Test func `a lone worker has no peer, and a dead one does not count`() throws {
    let own = try Scoreboard(name: name, worker: 1)
    own.show(pool: 7)
    own.enter(.serving)
    let isAlone = !own.hasPeer(stallingAtMost: .seconds(10))
    #expect(isAlone)
    do {
      let dying = try Scoreboard(name: name, worker: 2)
      dying.show(pool: 7)
    }
    // It did not mark its exit.
    own.word(1, .state).store(WorkerState.serving.rawValue, ordering: .relaxed)
    let isAloneAgain = !own.hasPeer(stallingAtMost: .seconds(10))
    #expect(isAloneAgain)
  }

  @Test func `a reused row keeps neither stall nor pool of its previous owner`() throws {
    do {
      let dying = try Scoreboard(name: name, worker: 1)
      dying.show(pool: 7)
      dying.show(stallSince: .now - .seconds(60))
    }
    let next = try Scoreboard(name: name, worker: 2)
    let found = [next.word(0, .stall), next.word(0, .pool)].map { $0.load(ordering: .relaxed) }
    #expect(found == [0, 0])
  }
}
