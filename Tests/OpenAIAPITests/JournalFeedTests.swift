import Answers
import FastCGI
import Glibc
import RingTesting
import SharedMemory
import Synchronization
import Testing

@testable import Journal
@testable import OpenAIAPI

/// The events that all streams of a worker share.
@Suite(.timeLimit(.minutes(5))) struct JournalFeedTests {
  @Test(arguments: [
    ([3, 4], 3, 5, ["3", "4"]), ([4, 6], 3, 9, ["3-3", "4", "5-5", "6", "7-8"]), ([], 3, 9, ["3-8"]), ([], 3, 3, []),
    // An entry that the stream has shown already.
    ([2, 3], 3, 4, ["3"]),
  ])
  func `events cover every sequence number once`(entries: [UInt64], start: UInt64, next: UInt64, covered: [String]) {
    let page = JournalPage(entries: entries.map { .init(sequence: $0, text: "{\"a\":1}") }, oldest: 0, next: next)
    let events = JournalEvent.events(of: page, from: start)
    #expect(events.map { $0.isGap ? "\($0.sequences.lowerBound)-\($0.sequences.upperBound - 1)" : "\($0.sequences.lowerBound)" } == covered)
    #expect(events.piece(from: start).end == (covered.isEmpty ? start : next))
  }

  @Test func `a gap is told from where the client is`() {
    let text = String(decoding: [JournalEvent(gap: 3..<8)].piece(from: 5).bytes, as: UTF8.self)
    #expect(text == "event: gap\nid: 7\ndata: {\"from\":5,\"to\":7}\n\n")
  }

  @Test func `a stream that falls behind what all share is overtaken`() throws {
    let place = TemporaryStore()
    let journal = try Journal(of: PoolMemory(store: place.name, identity: 1), size: 1000)
    let feed = JournalFeed(of: journal)
    let epoch = feed.enter(next: 0)
    record(100, in: journal)
    #expect(feed.read(from: 0, to: 100, epoch) == 100)
    // 400 times 3 KB are more than it keeps, but a stream that has seen everything before gets them.
    record(400, in: journal)
    #expect(feed.read(from: 100, to: 500, epoch) == 500)
    record(1, in: journal)
    #expect(feed.read(from: 500, to: 501, epoch) == 501)
    #expect(feed.read(from: 100, to: 501, epoch) == nil)
  }

  @Test func `a stream that falls behind ends, and its client catches up with the next one`() throws {
    let memory = TemporaryStore()
    let journal = try Journal(of: PoolMemory(store: memory.name, identity: 1), size: 1000)
    let feed = JournalFeed(of: journal)
    let (slow, quick) = (JournalPlace(0, in: feed, next: 0), JournalPlace(0, in: feed, next: 0))
    record(100, in: journal)
    #expect(slow.read(until: "99") && quick.read(until: "99"))
    record(499, in: journal)
    #expect(quick.read(until: "598"))
    record(1, in: journal)
    #expect(quick.read(until: "599"))
    guard case .end = slow.news() else {
      Issue.record("the slow stream goes on")
      return
    }
    let next = JournalPlace(100, in: feed, next: 600)
    #expect(next.read(until: "599"))
    // It is one like any other now.
    record(1, in: journal)
    #expect(next.read(until: "600"))
  }

  @Test func `a piece has a limited size, and streams at the same place share it`() throws {
    let place = TemporaryStore()
    let journal = try Journal(of: PoolMemory(store: place.name, identity: 1), size: 1000)
    let feed = JournalFeed(of: journal)
    let epoch = feed.enter(next: 0)
    record(100, in: journal)
    while case .none = feed.news(from: 0, epoch: epoch) { usleep(5000) }
    guard case .piece(let one, let end, true) = feed.news(from: 0, epoch: epoch),
      case .piece(let other, _, _) = feed.news(from: 0, epoch: epoch)
    else {
      Issue.record("no piece, or all at once")
      return
    }
    #expect((64 << 10..<68 << 10).contains(one.count) && end < 100)
    #expect(one.withUnsafeBytes { $0.baseAddress } == other.withUnsafeBytes { $0.baseAddress })
  }

  @Test func `a journal that begins anew ends the streams of the old one`() {
    let log = ScriptedLog()
    let feed = JournalFeed(of: log)
    let epoch = feed.enter(next: 50)
    log.next.store(60, ordering: .relaxed)
    #expect(feed.read(from: 50, to: 60, epoch) == 60)
    log.next.store(10, ordering: .relaxed)
    while case .none = feed.news(from: 60, epoch: epoch) { usleep(5000) }
    guard case .restarted = feed.news(from: 60, epoch: epoch) else {
      Issue.record("the old stream goes on")
      return
    }
    log.next.store(12, ordering: .relaxed)
    let second = feed.enter(next: 10)
    #expect(feed.read(from: 10, to: 12, second) == 12)
    // A client may connect before any stream has noticed.
    log.next.store(3, ordering: .relaxed)
    let third = feed.enter(next: 3)
    log.next.store(4, ordering: .relaxed)
    #expect(feed.read(from: 3, to: 4, third) == 4 && feed.read(from: 12, to: 13, second) == nil)
  }

  @Test func `a journal that begins anew ends a stream that still reads what was before`() {
    let log = ScriptedLog()
    log.next.store(50, ordering: .relaxed)
    let place = JournalPlace(10, in: JournalFeed(of: log), next: 50)
    log.next.store(5, ordering: .relaxed)
    guard case .end = place.news() else {
      Issue.record("the stream waits for numbers that are over")
      return
    }
  }

  @Test func `what was asked of the old journal does not count in the new one`() {
    let log = ScriptedLog()
    let feed = JournalFeed(of: log)
    _ = feed.enter(next: 50)
    log.isSlow.store(true, ordering: .relaxed)
    log.next.store(60, ordering: .relaxed)
    while !log.isAsked {
      guard case .none = feed.news(from: 50, epoch: 0) else {
        Issue.record("the journal has not answered")
        return
      }
      usleep(5000)
    }
    log.isSlow.store(false, ordering: .relaxed)
    let epoch = feed.enter(next: 3)
    log.answer()
    log.next.store(6, ordering: .relaxed)
    #expect(feed.read(from: 3, to: 6, epoch) == 6)
  }

  @Test func `a journal that cannot be read for a while is read again`() {
    let log = ScriptedLog()
    let feed = JournalFeed(of: log)
    let epoch = feed.enter(next: 0)
    log.fails.store(true, ordering: .relaxed)
    log.next.store(5, ordering: .relaxed)
    for _ in 0..<30 {
      guard case .none = feed.news(from: 0, epoch: epoch) else {
        Issue.record("something was read")
        return
      }
      usleep(5000)
    }
    log.fails.store(false, ordering: .relaxed)
    #expect(feed.read(from: 0, to: 5, epoch) == 5)
  }

  /// Entries of nearly the longest size.
  private func record(_ count: Int, in journal: Journal) {
    let text = "{\"text\":\"\(String(repeating: "x", count: 3000))\"}"
    var recorded = 0
    // It drops entries while its lock is held for long.
    while recorded < count { if journal.record(text, facts: [:]) { recorded += 1 } else { usleep(10_000) } }
  }
}

extension JournalFeed {
  /// Asks until everything before `end` was told, as a stream does.
  /// - Returns: where it has come; nil if the stream was overtaken.
  fileprivate func read(from start: UInt64, to end: UInt64, _ epoch: Int) -> UInt64? {
    var position = start
    while position < end {
      switch news(from: position, epoch: epoch) {
      case .none: usleep(5000)
      case .piece(_, let next, _): position = next
      case .overtaken, .restarted: return nil
      }
    }
    return position
  }
}

extension JournalPlace {
  /// Reads until an event has that id.
  /// - Returns: false if the stream ended before.
  fileprivate func read(until id: String) -> Bool {
    while true {
      switch news() {
      case .none: usleep(5000)
      case .bytes(let bytes, _): if String(decoding: bytes, as: UTF8.self).contains("\nid: \(id)\n") { return true }
      case .end: return false
      }
    }
  }
}

/// A journal with as many entries as the test says.
private final class ScriptedLog: RequestLog {
  let next = Atomic<UInt64>(0)
  let fails = Atomic(false)
  /// Whether it answers only when it is told to.
  let isSlow = Atomic(false)
  let isRemoved = false
  private let held = Mutex<[@Sendable () -> Void]>([])

  func entries(_ wanted: JournalFilter, since: UInt64?, limit: Int) -> Answer<JournalPage, JournalError> {
    guard !fails.load(ordering: .relaxed) else { return .ready(.failure(.unavailable("a test"))) }
    let next = next.load(ordering: .relaxed)
    let entries = (min(since ?? next, next)..<next).map { JournalPage.Entry(sequence: $0, text: "{\"a\":1}") }
    let page = JournalPage(entries: entries, oldest: 0, next: next)
    guard isSlow.load(ordering: .relaxed) else { return .ready(.success(page)) }
    return .pending { [self] receive in held.withLock { $0.append { receive(.success(page)) } } }
  }

  /// Whether an answer is held back.
  var isAsked: Bool { held.withLock { !$0.isEmpty } }

  /// Gives the answers that were held back.
  func answer() {
    for answer in held.withLock({ $0 }) { answer() }
  }

  func add(_ text: String, facts: JournalFacts) -> Answer<Void, JournalError> { .ready(.success(())) }
  func news(_ wanted: JournalFilter, since: UInt64, limit: Int) -> Answer<JournalPage, JournalError> {
    entries(wanted, since: since, limit: limit)
  }
  func remove(_ wanted: [JournalField: String]) -> Answer<Int, JournalError> { .ready(.success(0)) }
}
