import Glibc

/// Hills and valleys on an area whose opposite edges match: the sum of waves of several directions and lengths. Rows are computed one at a
/// time, because a large map would fill megabytes.
struct HeightMap {
  /// A wave: its periods from left to right and from top to bottom, its height, and its phase at the top left corner in turns.
  struct Wave {
    let across: Int
    let down: Int
    let height: Float
    let start: Float
  }

  let width: Int
  let height: Int
  private let waves: [Wave]
  /// The cosines and sines of each wave. The cosine of a sum is two products, so that only the pixels of two edges need trigonometry.
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

  /// The same map with another number of pixels a side.
  func sampled(_ side: Int) -> HeightMap { HeightMap(width: side, height: side, waves: waves) }

  /// The heights of a row's pixels. Rows wrap around: row -1 is the last one.
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

  /// The slopes at a row's pixels, in heights per pixel. Summits and passes, which are nearly flat, count as a little steeper, so that
  /// contour lines do not run together.
  func slopes(ofRow row: [Float], between above: [Float], and below: [Float]) -> [Float] {
    var slopes = [Float](repeating: 0, count: width)
    let least = Self.leastSlope * Float(Self.reference) / Float(width)
    var target = slopes.mutableSpan
    target.takeSlopes(of: row.span, between: above.span, and: below.span, atLeast: least)
    return slopes
  }

  /// Heights per pixel, on a map of ``reference`` pixels across.
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
