/// The reduction of a picture to fewer pixels, so that sixteen large uploads need no more memory than one. Each new pixel is the mean of a
/// square of old ones. Incomplete squares at the right and lower edges are dropped.
struct Reduction {
  /// The side of a square in old pixels; 1 if the picture is not reduced.
  let side: Int
  let width: Int
  let height: Int

  /// - Parameter limit: the most pixels of the result, at least 1. A side shorter than one square keeps one pixel.
  init(width: Int, height: Int, toPixels limit: Int) {
    precondition(limit > 0, "no room for a pixel")
    var side = 1
    while max(width / side, 1) * max(height / side, 1) > limit { side += 1 }
    (self.side, self.width, self.height) = (side, max(width / side, 1), max(height / side, 1))
  }
}

/// Reduces a picture row by row and keeps only sums, so that it needs no more memory than the result.
struct RowReducer {
  private let reduction: Reduction
  /// Only one of `stride` pixels of one of `stride` rows is added.
  private let stride: Int
  /// The first pixel of each square among the added pixels of a row, and the end of the last square.
  private let starts: [Int]
  /// The sums of each square: colours weighted by their opacity, and opacity.
  private var sums: [SIMD4<UInt64>]
  private var summedRows = 0
  /// The current row of squares.
  private var current = 0
  private(set) var pixels: [UInt8]

  /// - Parameter stride: 1, or no more than a square's side, so that each square has a pixel.
  init(_ reduction: Reduction, ofWidth width: Int, stride: Int = 1) {
    precondition(stride <= reduction.side, "squares without a pixel")
    (self.reduction, self.stride) = (reduction, stride)
    let coming = (width + stride - 1) / stride
    starts = (0...reduction.width).map { min(($0 * reduction.side + stride - 1) / stride, coming) }
    sums = [SIMD4<UInt64>](repeating: .zero, count: reduction.width)
    pixels = [UInt8](repeating: 0, count: 4 * reduction.width * reduction.height)
  }

  /// Adds a row. Rows are added from top to bottom.
  ///
  /// - Parameters:
  ///   - y: the index of the row in the picture.
  ///   - row: red, green, blue and alpha of each pixel, not premultiplied.
  ///   - isOpaque: whether alpha is 255 in the whole row.
  mutating func add(_ y: Int, _ row: RawSpan, isOpaque: Bool) {
    guard reduction.side > 1 else { return copy(row, to: y) }
    let target = y / reduction.side
    guard target < reduction.height else { return }
    if target != current { finishRow() }
    current = target
    summedRows += 1
    for square in sums.indices {
      let columns = starts[square]..<starts[square + 1]
      sums[square] &+= isOpaque ? Self.opaqueSum(row, columns) : Self.sum(row, columns)
    }
  }

  /// Ends the picture.
  mutating func finish() { if reduction.side > 1 { finishRow() } }

  /// If nothing is reduced, invisible pixels keep their colours as well.
  private mutating func copy(_ row: RawSpan, to y: Int) {
    let start = 4 * reduction.width * y
    unsafe row.withUnsafeBytes { row in
      unsafe pixels.withUnsafeMutableBytes { pixels in
        unsafe UnsafeMutableRawBufferPointer(rebasing: pixels[start..<start + row.count]).copyMemory(from: row)
      }
    }
  }

  /// Colours are weighted by their opacity, so that invisible pixels do not bleed into visible ones.
  @inline(__always) private static func sum(_ row: RawSpan, _ columns: Range<Int>) -> SIMD4<UInt64> {
    // A row is too short for the sum of its products to overflow.
    var sum = SIMD4<UInt32>.zero
    for column in columns {
      let pixel = SIMD4<UInt32>(truncatingIfNeeded: pixel(row, column))
      var weights = SIMD4(repeating: pixel.w)
      weights.w = 1
      sum &+= pixel &* weights
    }
    return SIMD4(truncatingIfNeeded: sum)
  }

  @inline(__always) private static func opaqueSum(_ row: RawSpan, _ columns: Range<Int>) -> SIMD4<UInt64> {
    var sum = SIMD4<UInt32>.zero
    for column in columns { sum &+= SIMD4<UInt32>(truncatingIfNeeded: pixel(row, column)) }
    // Colours are multiplied by their alpha of 255; alpha itself is not.
    return SIMD4<UInt64>(truncatingIfNeeded: sum) &* SIMD4(255, 255, 255, 1)
  }

  @inline(__always) private static func pixel(_ row: RawSpan, _ column: Int) -> SIMD4<UInt8> {
    unsafe row.unsafeLoadUnaligned(fromByteOffset: 4 * column, as: SIMD4<UInt8>.self)
  }

  private mutating func finishRow() {
    for square in sums.indices {
      let sum = sums[square]
      sums[square] = .zero
      let weight = max(sum.w, 1)
      var mean = (sum &+ weight / 2) / weight
      mean.w = sum.w / UInt64(max((starts[square + 1] - starts[square]) * summedRows, 1))
      let bytes = SIMD4<UInt8>(truncatingIfNeeded: mean)
      let offset = 4 * (current * reduction.width + square)
      for channel in 0..<4 { pixels[offset + channel] = bytes[channel] }
    }
    summedRows = 0
  }
}
