/// How long to wait before a process that ended is started again.
///
/// At once; but one that again and again ends within a second of its start waits 100 ms, 200 ms, … up to 5 s, so that a pool that cannot
/// start neither burns a core nor floods its log.
///
/// One that had said that it serves did not fail to start. It is started ten times a second at most, however often it is killed: a
/// pool whose workers are killed faster than they grow old must not run out of them.
struct Backoff: Equatable {
  private(set) var quickEnds = 0

  /// - Parameters:
  ///   - lifetime: how long the process lived.
  ///   - wasReady: whether it had said that it serves.
  /// - Returns: the time to wait.
  mutating func delay(afterLifetime lifetime: Duration, wasReady: Bool) -> Duration {
    quickEnds = lifetime < Self.settled ? quickEnds + 1 : 0
    if wasReady {
      quickEnds = min(quickEnds, 1)
      return max(.zero, Self.first - lifetime)
    }
    guard quickEnds > 1 else { return .zero }
    return min(Self.first * (1 << min(quickEnds - 2, 16)), Self.longest)
  }

  /// What lived this long did not fail to start.
  private static let settled = Duration.seconds(1)
  private static let first = Duration.milliseconds(100)
  private static let longest = Duration.seconds(5)
}
