import SharedMemory

/// The figures of a storm.
struct Verdict {
  var seconds = 0.0
  var kills = 0
  /// Processes that ended in another way than by SIGKILL.
  var otherEnds = 0
  var acknowledged = 0
  /// Acknowledged entries that were there when they were asked for; the others had been evicted by then.
  var found = 0
  var lost = 0
  var corrupt = 0
  var lockOwnersDied: UInt64 = 0
  var readsOvertaken: UInt64 = 0
  var readerHits: UInt64 = 0
  var insertErrors: UInt64 = 0
  /// Whether every live entry is whole at the end and together they are the bytes that the ring says are used.
  var accounts = false
  /// Nanoseconds from a death to the next insert, as the judge saw it.
  var waits: [UInt64] = []
  /// Deaths by crash point.
  var crashes: [UInt64] = []

  var isClean: Bool { lost == 0 && corrupt == 0 && otherEnds == 0 && insertErrors == 0 && accounts }

  var text: String {
    let waits = waits.sorted()
    let quantile = { (share: Double) in
      waits.isEmpty ? "-" : "\(Double(waits[Int(Double(waits.count - 1) * share)] / 1000) / 1000) ms"
    }
    let points = zip(CrashPoint.allCases, crashes).filter { $1 > 0 }.map { "\($0) \($1)" }.joined(separator: ", ")
    return """
      \(kills) kills in \(Int(seconds)) s, \(acknowledged) acknowledged, \(found) found, \(lost) lost, \(corrupt) corrupt; \
      \(lockOwnersDied) dead lock owners, \(readerHits) reads by others, \(readsOvertaken) overtaken; \
      from a death to the next insert p50 \(quantile(0.5)), p99 \(quantile(0.99)); \(insertErrors) insert errors, \(otherEnds) other ends, \
      accounts \(accounts ? "agree" : "DISAGREE")
      deaths by crash point: \(points.isEmpty ? "none (not built with CRASH_POINTS)" : points)
      """
  }
}
