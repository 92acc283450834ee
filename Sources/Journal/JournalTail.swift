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
      guard state.first <= start else { return nil }
      return Array(state.entries[Self.index(of: start, in: state.entries)...].lazy.filter(isWanted).prefix(limit))
    }
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
    for sequence in start..<next { if let entry = read(sequence) { state.entries.append(entry) } }
    while state.entries.count > capacity { state.first = state.entries.removeFirst().sequence + 1 }
    state.next = next
  }
}
