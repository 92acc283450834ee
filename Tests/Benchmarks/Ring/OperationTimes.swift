import RingTesting

/// How many operations one process has done, and how long the longest took.
struct OperationTimes {
  private let words = SharedArray<UInt64>(count: 2)

  func measure(_ operation: () throws -> Void) rethrows {
    let began = monotonicNanoseconds()
    try operation()
    words[0] += 1
    words[1] = max(words[1], monotonicNanoseconds() - began)
  }

  var count: Int { Int(words[0]) }

  /// Milliseconds.
  var longest: Double { Double(words[1]) / 1e6 }
}
