import Answers
import Journal
import Synchronization
import SystemCalls

/// The newest entries of the journal as events, read and written as text once for all streams of this worker.
///
/// It is read only when a stream asks, so it costs nothing while there is none. A stream that falls behind its oldest event is too slow.
final class JournalFeed: Sendable {
  let journal: any RequestLog
  private let state = Mutex(State())

  /// Entries that are read at once.
  private static let batch = 1000
  /// At least this long between two reads: all streams that are asked at one tick see the same.
  private static let interval = Duration.milliseconds(50)
  /// After this long without a read, no stream is open.
  private static let idleTime = Duration.seconds(5)
  /// Bytes of all events that are kept besides those of the last read: more than half a second's worth at 2,000 requests per second.
  private static let capacity = 1 << 20
  /// Bytes that one piece of a stream should not exceed by more than an event.
  private static let pieceSize = 64 << 10

  /// What a stream gets.
  enum News {
    case none
    /// - end: the sequence number that comes next.
    case piece([UInt8], end: UInt64, hasMore: Bool)
    /// The first of the wanted events is not here any more.
    case overtaken
    /// The journal has begun anew, with lower numbers than the stream has seen.
    case restarted
  }

  fileprivate struct State {
    var events: [JournalEvent] = []
    var size = 0
    /// `events` cover all sequence numbers from here up to `next`.
    var first: UInt64 = 0
    var next: UInt64 = 0
    /// Counts how often the journal has begun anew.
    var epoch = 0
    /// Identifies the read whose result is awaited, and whether there is one.
    var read = 0
    var isReading = false
    var lastRead: Instant?
    /// The last piece that a stream got: most streams have seen the same.
    var piece: (start: UInt64, bytes: [UInt8], end: UInt64)?
  }

  init(of journal: any RequestLog) { self.journal = journal }

  /// Prepares for another stream.
  ///
  /// - Parameter next: the sequence number of the next request, as the journal says. If there was no stream, only later requests are kept
  ///   here.
  /// - Returns: the epoch for ``news(from:epoch:)``.
  func enter(next: UInt64) -> Int {
    state.withLock { state in
      if next < state.next {
        state.beginAnew(at: next)
      } else if state.lastRead.map({ .now - $0 > Self.idleTime }) ?? true {
        state.begin(at: next)
        state.lastRead = .now
      }
      return state.epoch
    }
  }

  /// Returns what a stream has not seen.
  ///
  /// - Parameter start: the sequence number of the first event that it wants.
  func news(from start: UInt64, epoch: Int) -> News {
    refresh()
    return state.withLock { state in
      guard state.epoch == epoch else { return .restarted }
      guard start >= state.first else { return .overtaken }
      guard start < state.next else { return .none }
      if let piece = state.piece, piece.start == start { return .piece(piece.bytes, end: piece.end, hasMore: piece.end < state.next) }
      let (bytes, end) = state.events.piece(from: start, limit: Self.pieceSize)
      state.piece = (start, bytes, end)
      return .piece(bytes, end: end, hasMore: end < state.next)
    }
  }

  /// Reads what is new, unless that was just done or is being done.
  private func refresh() {
    guard let (start, read) = state.withLock({ $0.beginReading(after: Self.interval) }) else { return }
    journal.entries(JournalFilter(), since: start, limit: Self.batch).then { [self] result in
      let page = try? result.get()
      let events = page.map { JournalEvent.events(of: $0, from: start) } ?? []
      state.withLock { $0.finishReading(events, next: page?.next, read, capacity: Self.capacity) }
    }
  }
}

extension JournalFeed.State {
  /// Forgets all events. A read whose result is awaited no longer counts.
  fileprivate mutating func begin(at next: UInt64) {
    (events, size, piece) = ([], 0, nil)
    (first, self.next) = (next, next)
    (isReading, read) = (false, read + 1)
  }

  /// The journal has lower numbers than before: it is another one.
  fileprivate mutating func beginAnew(at next: UInt64) {
    begin(at: next)
    epoch += 1
  }

  fileprivate mutating func beginReading(after interval: Duration) -> (start: UInt64, read: Int)? {
    guard !isReading, lastRead.map({ .now - $0 >= interval }) ?? true else { return nil }
    (isReading, lastRead) = (true, .now)
    return (next, read)
  }

  /// - Parameter end: the sequence number of the next request; nil if the journal could not be read. Then the next read gets the same events.
  fileprivate mutating func finishReading(_ new: [JournalEvent], next end: UInt64?, _ read: Int, capacity: Int) {
    guard read == self.read else { return }
    isReading = false
    guard let end else { return }
    guard end >= next else { return beginAnew(at: end) }
    guard let last = new.last else { return }
    // Before the new ones are added: after a pause these may be more than the capacity, and a stream that has seen all others is not too slow.
    drop(toFit: capacity)
    events += new
    next = last.sequences.upperBound
    size += new.reduce(0) { $0 + $1.size }
    piece = nil
  }

  private mutating func drop(toFit capacity: Int) {
    var count = 0
    while size > capacity {
      size -= events[count].size
      first = events[count].sequences.upperBound
      count += 1
    }
    events.removeFirst(count)
  }
}
