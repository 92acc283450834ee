extension LineBreaker.Line {
  /// A line's clusters from left to right: rule L2 of the bidirectional algorithm (UAX #9).
  func visualOrder(in text: ShapedText) -> [Int] {
    var order = Array(clusters)
    var levels = order.map { text.clusters[$0].level }
    if isCut {
      order.append(ShapedText.ellipsis)
      levels.append(isRightToLeft ? 1 : 0)
    }
    let highest = levels.max() ?? 0
    guard let lowest = levels.filter({ !$0.isMultiple(of: 2) }).min() else { return order }
    for level in (lowest...highest).reversed() {
      for run in levels.runs(where: { $0 >= level }) {
        order[run].reverse()
        levels[run].reverse()
      }
    }
    return order
  }
}

extension Array {
  /// The longest stretches whose every element satisfies a predicate.
  fileprivate func runs(where predicate: (Element) -> Bool) -> [Range<Int>] {
    indices.filter { predicate(self[$0]) }.reduce(into: []) { runs, index in
      if let last = runs.last, last.upperBound == index {
        runs[runs.count - 1] = last.lowerBound..<index + 1
      } else {
        runs.append(index..<index + 1)
      }
    }
  }
}
