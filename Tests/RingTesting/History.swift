/// What several processes did to one ring, and whether it can be explained.
///
/// A history is linearizable (Herlihy, Wing 1990) where the operations can be put into one order in which each takes effect between its
/// invocation and its response and the answers are those of the sequential model. The model is a first-in, first-out list with two bounds:
///
/// - an insert is two steps, as any reader can see: it gives up the oldest entries until there is room, then it makes its own live. No
///   other insert or sweep comes between its steps;
/// - a sweep gives up what has expired from the old end;
/// - a get answers whether the entry is live.
///
/// The search goes through invocations and responses in time and keeps every state that the ring may be in, with the operations that have
/// taken effect in it (Wing, Gong 1993; just in time as in Lowe 2017). Sequence numbers leave little to search: they say the order of the
/// inserts, so that states differ in no more than what the few pending operations have done.
package struct History {
  private let operations: [Operation]
  private let capacity: RingCapacity

  package init(_ operations: [Operation], capacity: RingCapacity) {
    self.operations = operations
    self.capacity = capacity
  }

  /// Throws at the first response that no order explains.
  package func check() throws(Finding) {
    let entries = try insertedEntries()
    var pending: [Operation] = []
    var states: Set<HistoryState> = [HistoryState()]
    for event in events {
      let operation = operations[event.operation]
      guard event.isResponse else {
        pending.append(operation)
        continue
      }
      states = outcomes(of: states, pending, entries).filter { $0.hasFinished(operation) }
      try demand(!states.isEmpty, "no order of the operations explains \(operation)")
      states = Set(states.map { $0.forgetting(operation) })
      pending.removeAll { $0.process == operation.process }
    }
  }

  /// Every state that some of the pending operations can lead to.
  private func outcomes(of states: Set<HistoryState>, _ pending: [Operation], _ entries: [RingModel.Entry]) -> Set<HistoryState> {
    var reached = states
    var open = Array(states)
    while let state = open.popLast() {
      for operation in pending {
        guard let following = state.applying(operation, entries, capacity), reached.insert(following).inserted else { continue }
        open.append(following)
      }
    }
    return reached
  }

  /// By sequence number, of which each must have been given away once.
  private func insertedEntries() throws(Finding) -> [RingModel.Entry] {
    var entries: [Int: RingModel.Entry] = [:]
    for case .inserted(let sequence, let entry) in operations.map(\.outcome) {
      try demand(entries.updateValue(entry, forKey: sequence) == nil, "two inserts were given sequence number \(sequence)")
    }
    let inOrder = (0..<entries.count).compactMap { entries[$0] }
    try demand(inOrder.count == entries.count, "a sequence number was left out")
    return inOrder
  }

  private struct Event {
    var time: UInt64
    var isResponse: Bool
    var operation: Int
  }

  /// In time. What is invoked at the time of a response overlaps it: the clock cannot tell.
  private var events: [Event] {
    operations.indices.flatMap { index in
      [
        Event(time: operations[index].invoked, isResponse: false, operation: index),
        Event(time: operations[index].responded, isResponse: true, operation: index),
      ]
    }.sorted { ($0.time, $0.isResponse ? 1 : 0) < ($1.time, $1.isResponse ? 1 : 0) }
  }
}
