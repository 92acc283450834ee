import Glibc
import RingTesting
import SharedMemory
import Simulation
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) final class RuleBoardTests: Sendable {
  private let place = TemporaryStore()
  private var pool: PoolMemory { PoolMemory(store: place.name, identity: 1) }
  private var otherPool: PoolMemory { PoolMemory(store: pool.store, identity: 2) }

  deinit {
    pool.removeAll()
    otherPool.removeAll()
  }

  private func board(_ json: String = "[]") throws -> SharedRules { try SharedRules(of: pool, file: document(json)) }

  private func document(_ json: String) throws -> RuleDocument { try RuleDocument(parsing: Array(json.utf8)) }

  private let lake = RuleSubject(route: "/v1/images/generations", model: "dall-e-3", size: "1024x1024", prompt: "a lake")
  private static let third = #"[{"when":{"every":3},"then":{"fault":"rate_limit"}}]"#

  private func isRefused(_ board: SharedRules) -> Bool { board.judge(lake).spec.fault == .present(.rateLimit) }

  @Test func `rules that one worker sets are in force in all, with common counts`() throws {
    let (one, other) = (try board(), try board())
    #expect(one.replace(with: try document(Self.third)))
    #expect(other.document == (try document(Self.third)))
    #expect([one, other, one, other, one, other].map(isRefused) == [false, false, true, false, false, true])
  }

  @Test func `counting is exact with many workers at once`() throws {
    let boards = try (0..<4).map { _ in try board() }
    #expect(boards[0].replace(with: try document(Self.third)))
    let refused = Atomic(0)
    inParallel(4) { index in
      for _ in 0..<25_000 where self.isRefused(boards[index]) { refused.add(1, ordering: .relaxed) }
    }
    #expect(refused.load(ordering: .relaxed) == 33_333)
  }

  @Test func `no request counts for later rules or sees half a document`() throws {
    let boards = try (0..<3).map { _ in try board() }
    let texts = [4000, 40, 20_000].map {
      #"[{"name":"\#($0)","match":{"prompt":"lake"},"then":{"latency":"\#($0)ms"}}]"# + String(repeating: " ", count: $0)
    }
    let documents = try texts.map(document)
    let isOver = Atomic(false)
    let odd = Atomic(0)
    inParallel(3) { index in
      if index == 0 {
        for round in 0..<3000 { #expect(boards[0].replace(with: documents[round % 3])) }
        isOver.store(true, ordering: .releasing)
      }
      while !isOver.load(ordering: .acquiring) {
        let verdict = boards[index].judge(self.lake)
        let isWhole = verdict.rules.isEmpty || verdict.spec.latency == .fixed(.milliseconds(Int(verdict.rules[0])!))
        if !isWhole { odd.add(1, ordering: .relaxed) }
      }
    }
    #expect(odd.load(ordering: .relaxed) == 0)
  }

  @Test func `a worker that starts anew leaves the rules of its pool and their counts alone`() throws {
    let first = try board(Self.third)
    #expect([first, first].map(isRefused) == [false, false])
    #expect(isRefused(try board(Self.third)))
  }

  @Test func `rules outlive workers whose file has not changed`() throws {
    let first = try board("[]")
    #expect(first.replace(with: try document(Self.third)))
    #expect([first, first].map(isRefused) == [false, false])
    #expect(isRefused(try board("[]")))
  }

  @Test func `a file that has changed is in force in all workers, once the first one starts with it`() throws {
    let first = try board("[]")
    #expect(first.replace(with: try document("[  ]")))
    let second = try board(Self.third)
    #expect(first.document == (try document(Self.third)))
    #expect([first, second, first].map(isRefused) == [false, false, true])
    #expect(second.replace(with: try document("[]")))
    _ = try board(Self.third)
    #expect(first.document == (try document("[]")), "the same file again changes nothing")
    _ = try board("[]")
    _ = try board(Self.third)
    #expect(first.document == (try document(Self.third)), "the old file, and then the new one again")
  }

  @Test func `another pool on the same store neither sees nor changes the rules`() throws {
    let one = try board(Self.third)
    let other = try SharedRules(of: otherPool, file: try document("[ ]"))
    #expect(one.document == (try document(Self.third)))
    #expect(other.document == (try document("[ ]")))
    #expect(other.replace(with: try document("[]")))
    #expect([one, one, one].map(isRefused) == [false, false, true])
  }

  @Test func `overwritten rules are abandoned, and created anew by the next worker`() throws {
    // The generation, the fields and the text of the half that is in force, and the kind of the lock.
    for offset in [64, 88, 104, 128 + 16, 4096 + 2 * 64 * 64 + 65_536] {
      let board = try board(Self.third)
      let memory = try Segment(name: pool.rules, size: 4096 + 2 * 64 * 64 + 2 * 65_536, stamp: 2, create: false)
      memset(memory.base + offset, 0xa5, 8)
      _ = board.document
      _ = isRefused(board)
      #expect(board.isRemoved, "offset \(offset)")
      let next = try self.board(Self.third)
      #expect(next.document == (try document(Self.third)), "offset \(offset)")
      #expect([next, next, next].map(isRefused) == [false, false, true], "offset \(offset)")
      pool.removeRules()
    }
  }

  @Test func `each rule counts its matches, and the first that applies takes precedence`() throws {
    let board = try board(
      """
      [{"name": "second", "when": {"every": 2}, "then": {"fault": "billing"}},
       {"when": {"every": 3}, "then": {"fault": "quota", "latency": "1s"}},
       {"match": {"model": "gpt*"}, "then": {"fault": "reset"}}]
      """)
    let verdicts = (1...6).map { _ in board.judge(lake) }
    #expect(verdicts.map(\.rules) == [[], ["second"], ["2"], ["second"], [], ["second", "2"]])
    #expect(verdicts[2].spec.fault == .present(.quota))
    #expect(verdicts[5].spec == FaultSpec(fault: .present(.billing), latency: .fixed(.seconds(1))))
  }

  @Test func `a worker that dies while replacing the rules leaves them unchanged and the lock usable`() throws {
    let board = try board(Self.third)
    let memory = try Segment(name: pool.rules, size: 4096 + 2 * 64 * 64 + 2 * 65_536, stamp: 2, create: false)
    for round in 0..<4 {
      let writer = LockHolder(of: pool.rules, at: 128)
      // The first document was the first generation, so the next one's text, length and counters come first, then second, …
      let next = round % 2
      memset(memory.base + 4096 + next * 64 * 64, 0xff, 64 * 64)
      memset(memory.base + 4096 + 2 * 64 * 64 + next * 65_536, 0xff, 65_536)
      memset(memory.base + 80 + next * 8, 0xff, 8)
      writer.die()
      #expect([board, board, board].map(isRefused) == [false, false, true])
      #expect(board.replace(with: try document(Self.third)))
      #expect([board, board, board].map(isRefused) == [false, false, true])
    }
  }

  private func inParallel(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let threads = (0..<count).map { index in
      var thread = pthread_t()
      pthread_create(
        &thread, nil,
        { argument in
          Unmanaged<Body>.fromOpaque(argument!).takeRetainedValue().run()
          return nil
        }, Unmanaged.passRetained(Body { body(index) }).toOpaque())
      return thread
    }
    for thread in threads { pthread_join(thread, nil) }
  }

  private final class Body {
    let run: () -> Void
    init(_ run: @escaping () -> Void) { self.run = run }
  }
}
