import DequeModule
import Synchronization

/// The newest entries of a journal, read once for all clients of this process that wait for one. A thousand clients may wait, and each
/// polls forty times a second. Reading every new entry from shared memory for each of them would use a whole processor.
final class JournalTail: Sendable {
  struct Entry: Sendable {
    var sequence: UInt64
    var facts: [UInt8]
    var text: [UInt8]
  }

  private struct State {
    var entries: Deque<Entry> = []
    /// `entries` contains all entries of the journal from here up to `next`.
    var first: UInt64
    var next: UInt64
  }

  private let state: Mutex<State>
  /// Number of entries kept: half a second's worth at 2,000 requests per second.
  private static let capacity = 1000

  /// - Parameter next: the first sequence number to read.
  init(from next: UInt64) { state = Mutex(State(first: next, next: next)) }

  /// Finds entries among the newest ones.
  ///
  /// - Parameters:
  ///   - next: the sequence number that the journal's next entry will have.
  ///   - read: reads an entry; nil if it is gone.
  /// - Returns: nil if the tail does not reach back to `start`.
  func entries(
    from start: UInt64, to next: UInt64, limit: Int, where isWanted: (Entry) -> Bool, read: (UInt64) -> Entry?
  ) -> [Entry]? {
    state.withLock { state in
      if next > state.next { Self.refresh(&state, to: next, read) }
      return Self.entries(state, start, limit, isWanted)
    }
  }

  private static func entries(_ state: State, _ start: UInt64, _ limit: Int, _ isWanted: (Entry) -> Bool) -> [Entry]? {
    guard state.first <= start else { return nil }
    return Array(state.entries[index(of: start, in: state.entries)...].lazy.filter(isWanted).prefix(limit))
  }

  /// The index of the first entry from a sequence number on, by binary search.
  private static func index(of start: UInt64, in entries: Deque<Entry>) -> Int {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].sequence < start { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private static func refresh(_ state: inout State, to next: UInt64, _ read: (UInt64) -> Entry?) {
    let start = max(state.next, next - min(next, UInt64(capacity)))
    if start > state.next {
      state.entries.removeAll()
      state.first = start
    }
    append((start..<next).compactMap(read), to: &state, next: next)
  }

  private static func append(_ entries: [Entry], to state: inout State, next: UInt64) {
    state.entries.append(contentsOf: entries)
    while state.entries.count > capacity { state.first = state.entries.removeFirst().sequence + 1 }
    state.next = next
  }
}

/// A tail whose entries come later, from a server.
extension JournalTail {
  /// The sequence number to read from.
  var next: UInt64 { state.withLock { $0.next } }

  /// Finds entries among those that have been read.
  /// - Returns: the entries, and the sequence number of the first that has not been read; nil if the tail does not reach back to `start`.
  func entries(from start: UInt64, limit: Int, where isWanted: (Entry) -> Bool) -> (entries: [Entry], next: UInt64)? {
    state.withLock { state in Self.entries(state, start, limit, isWanted).map { ($0, state.next) } }
  }

  /// Adds entries that were read from ``next`` on, unless the tail has been moved since.
  func append(_ entries: [Entry], readFrom start: UInt64) {
    state.withLock { state in
      guard state.next == start, let last = entries.last else { return }
      Self.append(entries, to: &state, next: last.sequence + 1)
    }
  }

  /// Forgets all entries and begins anew.
  func move(to start: UInt64) { state.withLock { $0 = State(first: start, next: start) } }

  /// Forgets entries that were removed from the journal.
  func remove(where isUnwanted: (Entry) -> Bool) { state.withLock { $0.entries.removeAll(where: isUnwanted) } }
}
