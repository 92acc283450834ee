import Answers
import FastCGI
import Journal
import Synchronization

/// How far one stream has come in the journal.
///
/// A client that goes on after a break, or asks for what was before, first gets that from the journal itself, a page each time it has taken
/// the previous one, until it has come to what all streams share.
final class JournalPlace: Sendable {
  private let feed: JournalFeed
  private let epoch: Int
  private let state: Mutex<State>

  /// Entries of a page: as many of the longest as a reader may leave untaken.
  private static let page = 80

  fileprivate struct State {
    /// The sequence number of the next event.
    var position: UInt64
    /// Whether the stream has come to what all streams share.
    var isLive = false
    var isReading = false
    /// Earlier entries that have been read.
    var page: JournalPage?
  }

  /// - Parameters:
  ///   - start: the sequence number to begin with.
  ///   - next: that of the next request, as the journal says.
  init(_ start: UInt64, in feed: JournalFeed, next: UInt64) {
    self.feed = feed
    epoch = feed.enter(next: next)
    state = Mutex(State(position: start))
  }

  /// Returns what the stream has not shown. It ends if the client was too slow, or if the journal has begun anew.
  func news() -> OpenStream.News {
    switch feed.news(from: state.withLock { $0.position }, epoch: epoch) {
    case .none: return .none
    case .piece(let bytes, let end, let hasMore):
      state.withLock { ($0.position, $0.isLive) = (end, true) }
      return .bytes(bytes, hasMore: hasMore)
    case .overtaken: return state.withLock { $0.isLive } ? .end : earlierNews()
    case .restarted: return .end
    }
  }

  private func earlierNews() -> OpenStream.News {
    if let start = state.withLock({ $0.beginReading() }) {
      feed.journal.entries(JournalFilter(), since: start, limit: Self.page).then { [self] result in
        // What could not be read is read the next time.
        state.withLock { ($0.isReading, $0.page) = (false, try? result.get()) }
      }
    }
    // The journal of one machine has answered by now.
    return state.withLock { state in
      guard let page = state.page else { return .none }
      state.page = nil
      guard page.next >= state.position else { return .end }
      let (bytes, end) = JournalEvent.events(of: page, from: state.position).piece(from: state.position)
      state.position = end
      return bytes.isEmpty ? .none : .bytes(bytes, hasMore: true)
    }
  }
}

extension JournalPlace.State {
  fileprivate mutating func beginReading() -> UInt64? {
    guard !isReading, page == nil else { return nil }
    isReading = true
    return position
  }
}
