/// How long to wait before a process that ended is started again.
///
/// At once; but one that again and again ends within a second of its start waits 100 ms, 200 ms, … up to 5 s, so that a pool that cannot
/// start neither burns a core nor floods its log.
struct Backoff: Equatable {
  private(set) var quickEnds = 0

  /// - Parameter lifetime: how long the process lived.
  /// - Returns: the time to wait.
  mutating func delay(afterLifetime lifetime: Duration) -> Duration {
    quickEnds = lifetime < Self.settled ? quickEnds + 1 : 0
    guard quickEnds > 1 else { return .zero }
    return min(Self.first * (1 << min(quickEnds - 2, 16)), Self.longest)
  }

  /// What lived this long did not fail to start.
  private static let settled = Duration.seconds(1)
  private static let first = Duration.milliseconds(100)
  private static let longest = Duration.seconds(5)
}
