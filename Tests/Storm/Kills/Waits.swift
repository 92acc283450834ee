/// How long after a death that left the lock taken the next entry was acknowledged. Nanoseconds.
struct Waits {
  private var durations: [UInt64] = []
  /// Deaths that were not answered yet, and the earliest acknowledgement after each.
  private var open: [(death: UInt64, answer: UInt64?)] = []

  /// An acknowledgement that the judge saw before it was told of the death is not counted: a wait comes out too long then, never too short.
  mutating func noteDeath(at time: UInt64) { open.append((time, nil)) }

  mutating func noteAcknowledgement(at time: UInt64) {
    for index in open.indices where time > open[index].death { open[index].answer = min(open[index].answer ?? time, time) }
  }

  /// To be called when what all writers have told up to now was noted.
  mutating func close() {
    durations += open.compactMap { wait in wait.answer.map { $0 - wait.death } }
    open.removeAll { $0.answer != nil }
  }

  /// Sorted, in milliseconds.
  var milliseconds: [Double] { durations.sorted().map { Double($0) / 1e6 } }
}
