/// The least ragged way to set words in a given number of lines: it minimizes the sum of the squares of the free space at the end of each
/// line. The last line may be short, as readers expect.
///
/// A dynamic programme over the places where lines may end, as in Knuth and Plass, "Breaking paragraphs into lines" (1981). A line's end is
/// only sought where the lines before and after it can hold the rest, so the number of steps is the number of words times the words per
/// line.
struct BalancedLines {
  /// The words of each line.
  let lines: [Range<Int>]

  /// - Parameters:
  ///   - words: the words of one paragraph, none longer than a line.
  ///   - width: the width of a full line, in ems.
  ///   - count: the number of lines, the fewest that hold the words.
  init(_ words: ArraySlice<ShapedText.Word>, width: Float, count: Int) {
    let measures = Measures(words, width: Double(width))
    let places = measures.places(lineCount: count)
    var costs: [Double] = [0]
    var starts: [[Int]] = []
    for (before, here) in zip(places, places.dropFirst()) {
      let best = here.map { end in measures.cheapestLine(endingAt: end, after: before, costs: costs) }
      costs = best.map(\.cost)
      starts.append(best.map(\.start))
    }
    var lines: [Range<Int>] = []
    var end = words.endIndex
    for (here, starts) in zip(places.dropFirst(), starts).reversed() {
      let start = starts[end - here.lowerBound]
      lines.append(start..<end)
      end = start
    }
    self.lines = lines.reversed()
  }
}

/// The length of a line from any word to any other.
private struct Measures {
  let words: ArraySlice<ShapedText.Word>
  let width: Double
  /// The distance from the first word to each word, and to the end.
  private let places: [Double]

  init(_ words: ArraySlice<ShapedText.Word>, width: Double) {
    self.words = words
    self.width = width
    var places = [0.0]
    for word in words { places.append(places[places.count - 1] + Double(word.advance) + Double(word.space)) }
    self.places = places
  }

  /// The greedy breaker, which determines the number of lines, adds up in single precision and may get a little less.
  private static let tolerance = 1.0 / 1024
  /// The weight of the last line's free space relative to any other line's.
  private static let weightOfLast = 0.25

  private func isTooLong(_ length: Double) -> Bool { length > width + Self.tolerance }

  func length(_ start: Int, _ end: Int) -> Double {
    places[end - words.startIndex] - places[start - words.startIndex] - Double(words[end - 1].space)
      + Double(words[end - 1].hyphen)
  }

  /// The places where lines may end so that all lines fit: one range before the first line, and one after each line.
  func places(lineCount: Int) -> [ClosedRange<Int>] {
    var (earliest, latest) = ([words.endIndex], [words.startIndex])
    for _ in 0..<lineCount {
      earliest.append(firstStart(before: earliest[earliest.count - 1]))
      latest.append(lastEnd(after: latest[latest.count - 1]))
    }
    return zip(earliest.reversed(), latest).map { $0...max($0, $1) }
  }

  /// The line that costs least, including the lines before it.
  func cheapestLine(endingAt end: Int, after places: ClosedRange<Int>, costs: [Double]) -> (cost: Double, start: Int) {
    let weight = end == words.endIndex ? Self.weightOfLast : 1
    var best = (cost: Double.infinity, start: places.upperBound)
    for start in places.reversed() where start < end {
      let length = length(start, end)
      if isTooLong(length) { break }
      let cost = costs[start - places.lowerBound] + weight * (width - length) * (width - length)
      if cost < best.cost { best = (cost, start) }
    }
    return best
  }

  private func firstStart(before end: Int) -> Int {
    var start = end
    while start > words.startIndex, !isTooLong(length(start - 1, end)) { start -= 1 }
    return start
  }

  private func lastEnd(after start: Int) -> Int {
    var end = start
    while end < words.endIndex, !isTooLong(length(start, end + 1)) { end += 1 }
    return end
  }
}
