import Drawing
import SharedMemory
import Staging
import SystemCalls

/// What `status` shows: a moment of the store and of the workers that share it.
struct PoolStatus {
  var storeName: String
  var store: RingStatistics
  var workers: [WorkerRecord]
  /// What prompts can be written in.
  var scripts: [ScriptCoverage]
  /// When that was, in nanoseconds since 1970.
  var now: Int64

  /// Seconds since a time in nanoseconds since 1970.
  func age(_ time: Int64) -> Double { Double(now - time) / Double(WallClock.nanosecondsPerSecond) }
}
