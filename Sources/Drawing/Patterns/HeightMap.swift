import Glibc

/// Hills and valleys on an area whose opposite edges fit each other: waves of several directions and lengths, added up. Worked out row by
/// row, for all of a large one would fill megabytes.
struct HeightMap {
  /// How often it goes up and down on the way from the left edge to the right one and from the top to the bottom, how high, and where it
  /// begins, in turns.
  struct Wave {
    let across: Int
    let down: Int
    let height: Float
    let start: Float
  }

  let width: Int
  let height: Int
  private let waves: [Wave]
  /// Of each wave. A cosine of a sum is two products, so that the only cosines are those of an edge's pixels.
  private let across: [Turns]
  private let down: [Turns]

  private struct Turns {
    let cosines: [Float]
    let sines: [Float]

    init(_ count: Int, from start: Float, over length: Int) {
      let angles = (0..<length).map { 2 * Float.pi * (start + Float(count * $0) / Float(length)) }
      (cosines, sines) = (angles.map(cosf), angles.map(sinf))
    }
  }

  init(width: Int, height: Int, waves: [Wave]) {
    (self.width, self.height) = (width, height)
    self.waves = waves
    across = waves.map { Turns($0.across, from: $0.start, over: width) }
    down = waves.map { Turns($0.down, from: 0, over: height) }
  }

  /// The same hills with so many pixels a side.
  func sampled(_ side: Int) -> HeightMap { HeightMap(width: side, height: side, waves: waves) }

  /// Heights of a row's pixels; row -1 is the last one, and so on.
  func row(_ y: Int) -> [Float] {
    let y = (y + height) % height
    var heights = [Float](repeating: 0, count: width)
    var target = heights.mutableSpan
    for (wave, (across, down)) in zip(waves, zip(across, down)) {
      target.add(
        across.cosines.span, times: wave.height * down.cosines[y], minus: across.sines.span, times: wave.height * down.sines[y])
    }
    return heights
  }

  /// How steep it is at a row's pixels, in heights a pixel. On summits and passes, where there is hardly a slope, a little steeper than it
  /// is, lest contour lines run together.
  func slopes(ofRow row: [Float], between above: [Float], and below: [Float]) -> [Float] {
    var slopes = [Float](repeating: 0, count: width)
    let least = Self.leastSlope * Float(Self.reference) / Float(width)
    var target = slopes.mutableSpan
    target.takeSlopes(of: row.span, between: above.span, and: below.span, atLeast: least)
    return slopes
  }

  /// Heights a pixel, on a map of so many pixels across.
  private static let leastSlope: Float = 0.012
  private static let reference = 512
}

/// Bounds are checked once, as in the other innermost loops.
extension MutableSpan<Float> {
  fileprivate mutating func add(_ one: Span<Float>, times factor: Float, minus other: Span<Float>, times otherFactor: Float) {
    precondition(one.count == count && other.count == count, "rows of different lengths")
    for x in 0..<count { unsafe self[unchecked: x] += one[unchecked: x] * factor - other[unchecked: x] * otherFactor }
  }

  fileprivate mutating func takeSlopes(
    of row: Span<Float>, between above: Span<Float>, and below: Span<Float>, atLeast least: Float
  ) {
    precondition(row.count == count && above.count == count && below.count == count && count > 0, "rows of different lengths")
    let last = count - 1
    func slope(_ across: Float, _ down: Float) -> Float { Swift.max((across * across + down * down).squareRoot() / 2, least) }
    self[0] = slope(row[min(1, last)] - row[last], below[0] - above[0])
    self[last] = slope(row[0] - row[max(last - 1, 0)], below[last] - above[last])
    for x in Swift.stride(from: 1, to: last, by: 1) {
      unsafe self[unchecked: x] = slope(
        row[unchecked: x &+ 1] - row[unchecked: x &- 1], below[unchecked: x] - above[unchecked: x])
    }
  }
}
