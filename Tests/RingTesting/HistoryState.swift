/// A state that a ring may be in at some time of a history.
struct HistoryState: Hashable {
  private var first = 0
  private var next = 0
  /// The process that has made room and not yet made its entry live.
  private var writer: Int?
  /// A bit for each process whose pending operation has taken effect.
  private var finished: UInt64 = 0

  func hasFinished(_ operation: Operation) -> Bool { finished & bit(operation) != 0 }

  func forgetting(_ operation: Operation) -> HistoryState {
    var state = self
    state.finished &= ~bit(operation)
    return state
  }

  /// What follows when the operation takes its next step here, or nil where it cannot be that it does.
  func applying(_ operation: Operation, _ entries: [RingModel.Entry], _ capacity: RingCapacity) -> HistoryState? {
    guard !hasFinished(operation) else { return nil }
    let live = entries[first..<next]
    var state = self
    switch operation.outcome {
    case .inserted(next, let entry) where writer == nil:
      state.first += capacity.surplus(in: live, for: entry.length)
      state.writer = operation.process
      return state
    case .inserted(next, _) where writer == operation.process:
      state.next += 1
      state.writer = nil
    case .swept(let now, let dropped) where writer == nil && dropped == live.expired(by: now):
      state.first += dropped
    case .got(let sequence, let answer) where answer == (live.indices.contains(sequence) ? .entry : .nothing):
      break
    default: return nil
    }
    state.finished |= bit(operation)
    return state
  }

  private func bit(_ operation: Operation) -> UInt64 { 1 << UInt64(operation.process) }
}
