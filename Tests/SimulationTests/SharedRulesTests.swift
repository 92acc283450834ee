import Glibc
import RingTesting
import SharedMemory
import Synchronization
import Testing

@testable import Simulation

@Suite(.timeLimit(.minutes(5))) final class RuleBoardTests: Sendable {
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

  private static let second = #"[{"when":{"every":2},"then":{"fault":"rate_limit"}}]"#

  private func isRefused(_ board: SharedRules) -> Bool {
    (try? board.judge(lake).spec.fault) == .present(.rateLimit)
  }

  @Test func `rules that one worker sets are in force in all, with common counts`() throws {
    let (one, other) = (try board(), try board())
    try one.replace(with: document(Self.third))
    #expect(other.document == (try document(Self.third)))
    #expect([one, other, one, other, one, other].map(isRefused) == [false, false, true, false, false, true])
  }

  @Test func `counting is exact with many workers at once`() throws {
    let boards = try (0..<4).map { _ in try board() }
    try boards[0].replace(with: document(Self.third))
    let refused = Atomic(0)
    inParallel(4) { index in
      for _ in 0..<25_000 where self.isRefused(boards[index]) { refused.add(1, ordering: .relaxed) }
    }
    #expect(refused.load(ordering: .relaxed) == 33_333)
  }

  @Test func `workers count together how often each rule struck, and begin anew with other rules`() throws {
    let boards = try (0..<4).map { _ in try board() }
    let rest = #"{"name":"rest","then":{"fault":"server_error"}},{"match":{"prompt":"sea"},"then":{"fault":"overloaded"}}]"#
    try boards[0].replace(with: document(String(Self.third.dropLast()) + "," + rest))
    inParallel(4) { index in for _ in 0..<3000 { _ = self.isRefused(boards[index]) } }
    #expect(boards[1].strikes(of: "").map(\.rule) == ["1", "rest", "3"])
    #expect(boards[1].strikes(of: "").map(\.count) == [4000, 8000, 0])
    #expect(boards[1].strikes(of: "a").isEmpty, "the rules of a session are those of the file, of which there is none")
    try boards[2].replace(with: document(Self.second))
    #expect(boards[3].strikes(of: "") == [RuleStrikes(rule: "1", count: 0)])
    for _ in 0..<4 { _ = isRefused(boards[0]) }
    #expect(boards[3].strikes(of: "") == [RuleStrikes(rule: "1", count: 2)])
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
        for round in 0..<3000 { #expect(throws: Never.self) { try boards[0].replace(with: documents[round % 3]) } }
        isOver.store(true, ordering: .releasing)
      }
      while !isOver.load(ordering: .acquiring) {
        guard let verdict = try? boards[index].judge(self.lake) else { continue }
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
    try first.replace(with: document(Self.third))
    #expect([first, first].map(isRefused) == [false, false])
    #expect(isRefused(try board("[]")))
  }

  @Test func `a file that has changed is in force in all workers, once the first one starts with it`() throws {
    let first = try board("[]")
    try first.replace(with: document("[  ]"))
    let second = try board(Self.third)
    #expect(first.document == (try document(Self.third)))
    #expect([first, second, first].map(isRefused) == [false, false, true])
    try second.replace(with: document("[]"))
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
    try other.replace(with: document("[]"))
    #expect([one, one, one].map(isRefused) == [false, false, true])
  }

  @Test func `overwritten rules are abandoned, and created anew by the next worker`() throws {
    // The generation, the fields and the text of the half that is in force, and the kind of the lock.
    let place = SharedRulesLayout.place(SharedRules.main)
    for offset in [place.generation, place.length(1), place.checksum(1), SharedRulesLayout.lock + 16, place.text(1)] {
      let board = try board(Self.third)
      let memory = try segment()
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
    let verdicts = try (1...6).map { _ in try board.judge(lake) }
    #expect(verdicts.map(\.rules) == [[], ["second"], ["2"], ["second"], [], ["second", "2"]])
    #expect(verdicts[2].spec.fault == .present(.quota))
    #expect(verdicts[5].spec == FaultSpec(fault: .present(.billing), latency: .fixed(.seconds(1))))
  }

  @Test func `a worker that dies while replacing the rules leaves them unchanged and the lock usable`() throws {
    let board = try board(Self.third)
    let memory = try segment()
    for round in 0..<4 {
      let writer = LockHolder(of: pool.rules, at: SharedRulesLayout.lock)
      let place = SharedRulesLayout.place(SharedRules.main)
      // The first document was the first generation.
      let next = UInt64(round + 2)
      for rule in 0..<RuleDocument.mostRules { memset(memory.base + place.counter(rule, next), 0xff, 8) }
      memset(memory.base + place.text(next), 0xff, place.room)
      memset(memory.base + place.length(next), 0xff, 8)
      writer.die()
      #expect([board, board, board].map(isRefused) == [false, false, true])
      try board.replace(with: document(Self.third))
      #expect([board, board, board].map(isRefused) == [false, false, true])
    }
  }

  private func isRefused(_ board: SharedRules, in session: String) -> Bool {
    (try? board.judge(lake, of: session).spec.fault) == .present(.rateLimit)
  }

  @Test func `each session has its own rules and counts, in all workers`() throws {
    let (one, other) = (try board(), try board())
    try one.replace(with: document(Self.third), of: "a")
    try other.replace(with: document(Self.second), of: "b")
    #expect(try other.document(of: "a") == document(Self.third) && one.document(of: "b") == document(Self.second))
    #expect(try one.document == document("[]"))
    #expect(try one.document(of: "c") == document("[]"))
    let boards = [one, other, one, other, one, other]
    #expect(boards.map { isRefused($0, in: "a") } == [false, false, true, false, false, true])
    #expect(boards.map { isRefused($0, in: "b") } == [false, true, false, true, false, true])
    #expect(boards.map { isRefused($0, in: "c") } == boards.map { _ in false })
    #expect(boards.map(isRefused) == boards.map { _ in false })
  }

  @Test func `changing the rules of a session, or resetting it, leaves the counts of others`() throws {
    let board = try board()
    for session in ["", "a", "b"] { try board.replace(with: document(Self.third), of: session) }
    #expect(["", "a", "b", "", "a", "b"].map { isRefused(board, in: $0) } == Array(repeating: false, count: 6))
    try board.replace(with: document(Self.third), of: "b")
    try board.reset("c")
    #expect(isRefused(board, in: "") && isRefused(board, in: "a") && !isRefused(board, in: "b"))
    #expect(try board.reset("a") && !board.reset("a"))
    #expect([1, 2].map { _ in isRefused(board, in: "b") } == [false, true])
    #expect(board.document(of: "a") == (try document("[]")))
  }

  @Test func `a session begins with the rules of the file and counts them for itself`() throws {
    let board = try board(Self.third)
    try board.replace(with: document("[]"))
    #expect([1, 2, 3].map { _ in isRefused(board, in: "a") } == [false, false, true])
    #expect([1, 2, 3].map { _ in isRefused(board, in: "b") } == [false, false, true])
    #expect([1, 2].map { _ in isRefused(board, in: "a") } == [false, false])
    try board.reset("a")
    #expect([1, 2, 3].map { _ in isRefused(board, in: "a") } == [false, false, true])
    try board.reset("")
    #expect(try board.document == document(Self.third))
  }

  @Test func `another file begins the counts of the sessions that use it, and leaves the rules of the others`() throws {
    let old = try board(Self.third)
    try old.replace(with: document(Self.third), of: "own")
    #expect(["a", "a", "own", "own"].map { isRefused(old, in: $0) } == [false, false, false, false])
    let new = try board(Self.second)
    #expect([old, new, old, new].map { isRefused($0, in: "a") } == [false, true, false, true])
    #expect(isRefused(new, in: "own"))
  }

  @Test func `sessions are refused when all places are taken, and nothing is lost`() throws {
    let board = try board(Self.third)
    for number in 0..<SharedRules.mostSessions { try board.replace(with: document(Self.third), of: "\(number)") }
    #expect(throws: RulesError.full) { try board.replace(with: document("[]"), of: "one more") }
    #expect(throws: RulesError.full) { try board.judge(lake, of: "one more") }
    #expect(try board.judge(RuleSubject(route: "/v1/models"), of: "one more").rules.isEmpty, "no rule counts it")
    #expect([1, 2, 3].map { _ in isRefused(board, in: "7") } == [false, false, true])
    #expect(try board.reset("7"))
    try board.replace(with: document("[]"), of: "one more")
    #expect(board.document(of: "8") == (try document(Self.third)))
    #expect(try board.resetAll() == SharedRules.mostSessions)
    #expect(try board.resetAll() == 0)
  }

  @Test func `the rules of a session have a limit of their own, which the longest fit`() throws {
    let board = try board()
    let name = String(repeating: "n", count: RulesRecord.longestSession)
    let longest = try document("[" + String(repeating: " ", count: SharedRules.longestOfSession - 2) + "]")
    try board.replace(with: longest, of: name)
    #expect(board.document(of: name) == longest)
    let tooLong = try document("[" + String(repeating: " ", count: SharedRules.longestOfSession - 1) + "]")
    #expect(throws: RulesError.tooLong(bytes: tooLong.text.count, limit: SharedRules.longestOfSession)) {
      try board.replace(with: tooLong, of: name)
    }
    try board.replace(with: document("[" + String(repeating: " ", count: RuleDocument.longest - 2) + "]"))
    #expect(board.document(of: name) == longest)
  }

  @Test func `sessions that come and go in many workers at once never count or judge for each other`() throws {
    let boards = try (0..<4).map { _ in try board() }
    let texts = (0..<4).map { #"[{"name":"\#($0)","when":{"every":2},"then":{"fault":"billing"}}]"# }
    let documents = try texts.map(document)
    let odd = Atomic(0)
    inParallel(4) { index in
      for round in 0..<400 {
        // Most names are shared by the places of other threads before and after.
        let session = "\(index)-\(round % 7)"
        guard (try? boards[index].replace(with: documents[index], of: session)) != nil else { continue }
        let rules = (0..<4).map { (try? boards[($0 + index) % 4].judge(self.lake, of: session))?.rules ?? ["error"] }
        if rules != [[], ["\(index)"], [], ["\(index)"]] { odd.add(1, ordering: .relaxed) }
        if round % 3 == 0 { _ = try? boards[index].reset(session) }
      }
    }
    #expect(odd.load(ordering: .relaxed) == 0)
  }

  @Test func `a worker that dies while a session takes or leaves a place leaves it free`() throws {
    let board = try board()
    let memory = try segment()
    try board.replace(with: document(Self.third), of: "a")
    let first = SharedRulesLayout.owner(SharedRulesLayout.firstSession)
    let owner = memory.base.load(fromByteOffset: first, as: UInt64.self)
    #expect(owner != 0)
    try board.reset("a")
    // Dead before the place had a text, or before the hash was removed.
    memory.base.storeBytes(of: owner, toByteOffset: first, as: UInt64.self)
    #expect(board.document(of: "a") == (try document("[]")))
    try board.replace(with: document(Self.second), of: "b")
    #expect(memory.base.load(fromByteOffset: first + 8, as: UInt64.self) == 0)
    #expect(try board.document(of: "b") == document(Self.second))
    #expect(try board.document(of: "a") == document("[]"))
  }

  private func segment() throws -> Segment {
    try Segment(name: pool.rules, size: SharedRulesLayout.size, stamp: SharedRulesLayout.stamp, create: false)
  }
}
