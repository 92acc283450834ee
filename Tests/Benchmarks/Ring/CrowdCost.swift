/// What a crowd has done.
struct CrowdCost {
  let crowd: Crowd
  let inserts: [OperationTimes]
  let reads: [OperationTimes]

  var json: String {
    """
    {"size": \(crowd.size), "work": "\(crowd.work)", "inserts": \(rate(inserts)), "reads": \(rate(reads)), \
    "longest_insert": \(longest(inserts)), "longest_read": \(longest(reads))}
    """
  }

  /// A second, of all processes together.
  private func rate(_ times: [OperationTimes]) -> Double { times.reduce(0) { $0 + Double($1.count) } / crowd.duration }

  /// Milliseconds.
  private func longest(_ times: [OperationTimes]) -> Double { times.map(\.longest).max() ?? 0 }
}
