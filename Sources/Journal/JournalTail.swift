import DequeModule
import Synchronization

/// The newest entries of a journal, read once for everybody in this process who waits for one. A thousand clients may wait, and each of them
/// asks forty times a second; to read every new entry from shared memory for each of them would take all of a processor.
final class JournalTail: Sendable {
  struct Entry: Sendable {
    var sequence: UInt64
    var facts: [UInt8]
    var text: [UInt8]
  }

  private struct State {
    var entries: Deque<Entry> = []
    /// All entries from here up to `next` that the journal had are in `entries`.
    var first: UInt64
    var next: UInt64
  }

  private let state: Mutex<State>
  /// Entries that are kept: what 2,000 requests a second leave behind in half a second.
  private static let capacity = 1000

  /// - Parameter next: the sequence number from which on entries are read.
  init(from next: UInt64) { state = Mutex(State(first: next, next: next)) }

  /// Finds entries among the newest.
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

  /// Where the first entry from that sequence number on is, by halves.
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
