package import Answers

/// A journal of the latest requests, the same for all processes that share it. That of one machine is in shared memory and answers at once;
/// that of several hosts asks a server.
///
/// Sequence numbers count all requests that were ever recorded, on all hosts, from 0 and without gaps.
package protocol RequestLog: Sendable {
  /// Records an entry. Nobody waits for the answer, which only tells whether the entry was dropped.
  ///
  /// - Parameter text: a JSON object of at most ``Journal/longestEntry`` bytes.
  func add(_ text: String, facts: JournalFacts) -> Answer<Void, JournalError>

  /// Finds entries.
  ///
  /// - Parameters:
  ///   - wanted: the values that the entries must have.
  ///   - since: the first sequence number to include; nil selects the last `limit` entries that match.
  func entries(_ wanted: JournalFilter, since: UInt64?, limit: Int) -> Answer<JournalPage, JournalError>

  /// ``entries(_:since:limit:)`` for a client that waits and asks repeatedly, as a thousand may do: new entries are read once for all of them.
  ///
  /// - Returns: a page to continue from, often without entries.
  func news(_ wanted: JournalFilter, since: UInt64, limit: Int) -> Answer<JournalPage, JournalError>

  /// Removes the entries that have all of those values. Sequence numbers continue.
  /// - Returns: how many were removed.
  func remove(_ wanted: [JournalField: String]) -> Answer<Int, JournalError>

  /// Whether the shared memory was removed or damaged, so that new workers would use another journal.
  var isRemoved: Bool { get }
}

/// Why entries cannot be recorded, read or removed.
package enum JournalError: Error, Equatable {
  /// Too long, or the journal is not accessible for now.
  case dropped
  /// Another worker holds the lock for too long.
  case busy
  /// The server that has the journal cannot be reached, with the reason.
  case unavailable(String)
}

extension Journal: RequestLog {
  package func add(_ text: String, facts: JournalFacts) -> Answer<Void, JournalError> {
    .ready(record(text, facts: facts) ? .success(()) : .failure(.dropped))
  }

  package func entries(_ wanted: JournalFilter, since: UInt64?, limit: Int) -> Answer<JournalPage, JournalError> {
    .ready(.success(page(wanted, since: since, limit: limit)))
  }

  package func news(_ wanted: JournalFilter, since: UInt64, limit: Int) -> Answer<JournalPage, JournalError> {
    var position = since
    if let page = news(wanted, since: &position, limit: limit) { return .ready(.success(page)) }
    return .ready(.success(JournalPage(entries: [], oldest: oldest, next: position)))
  }

  package func remove(_ wanted: [JournalField: String]) -> Answer<Int, JournalError> {
    .ready(clear(wanted).map { .success($0) } ?? .failure(.busy))
  }
}
