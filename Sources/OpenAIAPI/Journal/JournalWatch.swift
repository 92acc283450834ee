import Answers
import Journal
import Synchronization

/// A client that waits for requests and asks for them repeatedly.
///
/// Each entry is examined once. For a client that expects a number of matches, they are only counted, and read when there are enough, because a
/// thousand clients may wait.
final class JournalWatch: Sendable {
  private let journal: any RequestLog
  private let filter: JournalFilter
  private let query: JournalQuery
  private let state: Mutex<State>

  private struct State {
    /// The sequence number from which on entries have not been examined.
    var position: UInt64
    /// The matches so far.
    var found = 0
    /// What is to be asked next; nil if a question has no answer yet, or if there is a result.
    var next: Question? = .news
    var result: Result<JournalPage, JournalError>?
  }

  private enum Question { case news, matches }

  /// - Parameter position: the first sequence number to examine.
  init(_ query: JournalQuery, of journal: any RequestLog, from position: UInt64) {
    (self.journal, self.query) = (journal, query)
    filter = JournalFilter(query.wanted)
    state = Mutex(State(position: position))
  }

  /// The matches; nil if there are too few so far, or if the journal has not answered yet.
  func result() -> Result<JournalPage, JournalError>? {
    while let (question, position) = takeQuestion() {
      switch ask(question, from: position) {
      case .ready(let result): if !take(result, question) { return state.withLock { $0.result } }
      case .pending(let start):
        start { [self] result in _ = take(result, question) }
        return state.withLock { $0.result }
      }
    }
    return state.withLock { $0.result }
  }

  /// What a client gets that has waited in vain: the matches that are in the journal now, of which there are too few.
  func remainder() -> Answer<JournalPage, JournalError> {
    guard query.count == nil else { return ask(.matches, from: 0) }
    return journal.entries(filter, since: state.withLock { $0.position }, limit: 0)
  }

  private func takeQuestion() -> (Question, UInt64)? {
    state.withLock { state in
      defer { state.next = nil }
      return state.next.map { ($0, state.position) }
    }
  }

  private func ask(_ question: Question, from position: UInt64) -> Answer<JournalPage, JournalError> {
    switch question {
    case .news: journal.news(filter, since: position, limit: query.count == nil ? query.limit : JournalQuery.mostEntries)
    case .matches: journal.entries(filter, since: query.since ?? 0, limit: query.limit)
    }
  }

  /// - Returns: whether to ask again at once.
  private func take(_ result: Result<JournalPage, JournalError>, _ question: Question) -> Bool {
    state.withLock { state in
      guard case .success(let page) = result else {
        state.result = result
        return false
      }
      switch (question, query.count) {
      case (.news, nil):
        state.position = max(state.position, page.next)
        if page.entries.isEmpty { state.next = .news } else { state.result = result }
        return false
      case (.news, let count?):
        let isLater = page.next > state.position
        state.position = max(state.position, page.next)
        state.found += page.entries.count
        state.next = state.found >= count ? .matches : .news
        return state.found >= count || isLater && page.entries.count == JournalQuery.mostEntries
      case (.matches, let count):
        // Entries that were counted may have been removed since.
        state.found = min(state.found, page.entries.count)
        if state.found >= count ?? 0 { state.result = result } else { state.next = .news }
        return false
      }
    }
  }
}
