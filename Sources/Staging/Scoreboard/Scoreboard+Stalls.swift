import Atomics
import SystemCalls

/// Which workers could do more, as each tells the others of its pool.
extension Scoreboard {
  /// Shows in which pool this worker is: one that accepts from the same socket.
  package func show(pool: UInt64) { set(ScoreboardLayout.pool, to: pool) }

  /// Shows since when the renderer has finished nothing, or that it has nothing to do.
  package func show(stallSince instant: ContinuousClock.Instant?) {
    let word = instant.map { max(1, Self.now - Int64(max(.zero, .now - $0) / .nanoseconds(1))) } ?? 0
    set(ScoreboardLayout.stall, to: UInt64(word))
  }

  /// Whether another worker of this one's pool serves, and its renderer has been stalling for no longer than that.
  package func hasPeer(stallingAtMost patience: Duration) -> Bool {
    guard let ownRow else { return false }
    let pool = load(ownRow, ScoreboardLayout.pool)
    return (0..<ScoreboardLayout.rowCount).contains { row in
      row != ownRow && load(row, ScoreboardLayout.pool) == pool && load(row, ScoreboardLayout.state) == WorkerState.serving.rawValue
        && isQuick(row, patience) && isTaken(row)
    }
  }

  private func isQuick(_ row: Int, _ patience: Duration) -> Bool {
    let since = load(row, ScoreboardLayout.stall)
    return since == 0 || Self.now - Int64(since) <= Int64(patience / .nanoseconds(1))
  }

  /// Nanoseconds. The same clock in every process; where it is set, a stall that goes on just then is misjudged.
  private static var now: Int64 { WallClock.system.now() }
}
