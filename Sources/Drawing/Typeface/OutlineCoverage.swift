/// The coverage of pixels by an outline: exact for straight edges, and for curves too exact for the eye to see an error.
///
/// Each edge adds the difference in coverage between the pixels that it crosses and their left neighbours. A running sum along a row is the
/// coverage. An area that the outline winds around twice counts once; one that it winds around in both directions is a hole.
///
/// Unlike FreeType's list of cells, this needs no search for a pixel, and an intricate glyph takes a fraction of the time.
///
/// The buffers are kept: fresh ones for each glyph would fragment the memory of the glyphs in the cache.
struct OutlineCoverage {
  private(set) var width = 0
  private(set) var height = 0
  /// The differences, row by row. Each row has two more than pixels, because an edge at the right border changes the element after it. The
  /// array may be longer than needed.
  private var changes: [Float] = []
  private var amounts: [UInt8] = []
  private var stride: Int { width + 2 }
  private var pen = SIMD2<Float>(0, 0)

  /// Begins an outline on a grid of pixels.
  mutating func begin(width: Int, height: Int) {
    (self.width, self.height, pen) = (width, height, .zero)
    let count = stride * height
    guard count <= changes.count else {
      changes = [Float](repeating: 0, count: count)
      return
    }
    var target = changes.mutableSpan
    target.clear(0..<count)
  }

  // Points are in pixels, from the upper left corner to the right and down. Points outside are moved to the border.

  mutating func move(to point: SIMD2<Float>) { pen = point }

  mutating func addLine(to end: SIMD2<Float>) {
    add(from: pen, to: end)
    pen = end
  }

  /// Adds a quadratic Bézier curve.
  mutating func addQuadratic(_ control: SIMD2<Float>, to end: SIMD2<Float>) {
    let start = pen
    let bend = start - 2 * control + end
    let count = Self.pieces(bend: bend * 2)
    for piece in 1...count {
      let t = Float(piece) / Float(count)
      addLine(to: piece == count ? end : start + t * (2 * (control - start) + t * bend))
    }
  }

  /// Adds a cubic Bézier curve.
  mutating func addCubic(_ first: SIMD2<Float>, _ second: SIMD2<Float>, to end: SIMD2<Float>) {
    let start = pen
    let (bend, laterBend) = (start - 2 * first + second, first - 2 * second + end)
    let count = Self.pieces(bend: 6 * (bend.squaredLength > laterBend.squaredLength ? bend : laterBend))
    for piece in 1...count {
      let t = Float(piece) / Float(count)
      addLine(to: piece == count ? end : start + t * (3 * (first - start) + t * (3 * bend + t * (laterBend - bend))))
    }
  }

  /// Ends the outline and computes the coverage.
  ///
  /// - Parameter body: called with the coverage of all pixels, row by row, 0 to 255.
  mutating func finish<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    let count = width * height
    if amounts.count < count { amounts = [UInt8](repeating: 0, count: count) }
    Self.addUp(&changes, into: &amounts, width: width, height: height)
    defer { if count > Self.mostKept { (changes, amounts) = ([], []) } }
    return body(amounts.span.extracting(0..<count))
  }

  private static func addUp(_ changes: inout [Float], into amounts: inout [UInt8], width: Int, height: Int) {
    var sums = changes.mutableSpan
    var target = amounts.mutableSpan
    for y in 0..<height {
      let start = y * (width + 2)
      sums.addUp(start..<start + width)
      target.takeAmounts(sums, from: start, at: y * width, count: width)
    }
  }

  /// The largest buffer to keep, in pixels. Even on the largest picture, a text of many letters has no larger glyph.
  private static let mostKept = 256 * 256

  /// The number of straight pieces that keep within ``tolerance`` of a curve.
  ///
  /// - Parameter bend: the largest second derivative of the curve. The error of a chord over a part `t` of the curve's parameter is at most
  ///   an eighth of `bend` · t².
  private static func pieces(bend: SIMD2<Float>) -> Int {
    let pieces = (bend.squaredLength.squareRoot() / (8 * tolerance)).squareRoot().rounded(.up)
    return Int(min(max(pieces, 1), 64))
  }

  /// The largest error of a curve, in pixels. It changes none of the 32 shades of edges.
  private static let tolerance: Float = 0.03

  /// Adds an edge, row by row. Coverage begins at an edge that leads down and ends at one that leads up.
  private mutating func add(from start: SIMD2<Float>, to end: SIMD2<Float>) {
    guard start.y != end.y else { return }
    let (upper, lower, direction): (_, _, Float) = start.y < end.y ? (start, end, 1) : (end, start, -1)
    let slope = (lower.x - upper.x) / (lower.y - upper.y)
    let (top, bottom) = (max(upper.y, 0), min(lower.y, Float(height)))
    guard top < bottom else { return }
    let (width, stride) = (Float(width), stride)
    var target = changes.mutableSpan
    var x = upper.x + (top - upper.y) * slope
    for row in Int(top)..<Int(bottom.rounded(.up)) {
      let share = min(Float(row + 1), bottom) - max(Float(row), top)
      let next = x + share * slope
      target.add(edge: (x, next), by: share * direction, of: width, at: row * stride)
      x = next
    }
  }

}

/// As in the other innermost loops, bounds are checked once.
extension MutableSpan<Float> {
  /// Adds an edge within one row.
  ///
  /// The share of the edge that lies left of x is a ramp from 0 to 1. The coverage of a pixel is the integral of the ramp over that pixel.
  ///
  /// - Parameters:
  ///   - ends: the columns of both ends, clamped to the row.
  ///   - height: the signed share of the row's height.
  ///   - width: the width of the row in pixels.
  ///   - row: the offset of the row.
  @inline(__always) fileprivate mutating func add(edge ends: (Float, Float), by height: Float, of width: Float, at row: Int) {
    let left = Swift.min(Swift.max(Swift.min(ends.0, ends.1), 0), width)
    let right = Swift.min(Swift.max(ends.0, ends.1, 0), width)
    let (first, last) = (Int(left), Int(right))
    precondition(row >= 0 && row + last + 1 < count, "edge ends outside the pixels")
    let middle = (left + right) / 2
    guard first < last else {
      let covered = height * (Float(first + 1) - middle)
      unsafe self[unchecked: row &+ first] += covered
      unsafe self[unchecked: row &+ first &+ 1] += height - covered
      return
    }
    let steepness = 0.5 / (right - left)
    var (integral, before) = (Float(0), Float(0))
    for pixel in first...last {
      let end = Float(pixel + 1)
      let next = end < right ? (end - left) * (end - left) * steepness : end - middle
      unsafe self[unchecked: row &+ pixel] += height * (next - integral - before)
      (before, integral) = (next - integral, next)
    }
    unsafe self[unchecked: row &+ last &+ 1] += height * (1 - before)
  }

  fileprivate mutating func clear(_ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "nothing to clear there")
    for index in range { unsafe self[unchecked: index] = 0 }
  }

  /// Replaces each number by the sum of all numbers up to it.
  fileprivate mutating func addUp(_ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "sum ends outside the row")
    var sum: Float = 0
    for index in range {
      unsafe sum += self[unchecked: index]
      unsafe self[unchecked: index] = sum
    }
  }
}

extension MutableSpan<UInt8> {
  /// Rounds coverages to 0 to 255. Their sign is ignored, and more than 1 counts as 1.
  fileprivate mutating func takeAmounts(_ coverages: borrowing MutableSpan<Float>, from source: Int, at offset: Int, count length: Int) {
    precondition(source >= 0 && offset >= 0 && source + length <= coverages.count && offset + length <= count, "amounts end outside")
    for index in 0..<length {
      let coverage = unsafe Swift.min(abs(coverages[unchecked: source &+ index]), 1)
      // Adding 2²³ leaves the rounded number in the lowest bits.
      unsafe self[unchecked: offset &+ index] = UInt8(truncatingIfNeeded: (coverage * 255 + 0x1p23).bitPattern)
    }
  }
}

extension SIMD2<Float> {
  fileprivate var squaredLength: Float { x * x + y * y }
}
