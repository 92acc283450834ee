/// The innermost loops. Each checks its bounds once and then runs unchecked, so that the compiler turns it into vector code. Nearly all of the
/// time that scaling takes is spent here.
extension [Float] {
  /// Reads a row of a picture, as numbers from 0 to 255: four of each pixel, premultiplied by alpha, or laid on white.
  mutating func read(_ picture: Upload, _ y: Int, onWhite: Bool) {
    let (width, start) = (picture.width, 4 * picture.width * y)
    precondition(4 * width <= count && (0..<picture.height).contains(y), "row is longer than its room, or none of the picture's")
    let bytes = picture.pixels.span
    var numbers = mutableSpan
    for index in 0..<4 * width { unsafe numbers[unchecked: index] = Float(bytes[unchecked: start &+ index]) }
    guard !picture.isOpaque else { return }
    for offset in Swift.stride(from: 0, to: 4 * width, by: 4) {
      let alpha = unsafe numbers[unchecked: offset &+ 3]
      let (share, paper) = (alpha * (1 / 255), onWhite ? 255 - alpha : 0)
      for index in offset..<offset &+ 3 { unsafe numbers[unchecked: index] = numbers[unchecked: index] * share + paper }
    }
  }

  /// Writes a row that is scaled across.
  ///
  /// - Parameters:
  ///   - row: four numbers of each old pixel, and of those of weight 0 beyond the last.
  ///   - channels: 3 or 4 of each new pixel. Four numbers are written for the last pixel in any case.
  ///   - offset: where the new row begins.
  mutating func scale(_ row: [Float], by filter: LanczosFilter, channels: Int, at offset: Int) {
    let (starts, weights, row) = (filter.starts.span, filter.weights.span, row.span)
    precondition(weights.count == starts.count * filter.count && starts.count > 0, "weights of another filter")
    precondition(4 * (starts[starts.count - 1] + filter.count) <= row.count, "filter ends beyond the old row")
    precondition(offset >= 0 && offset + channels * (starts.count - 1) + 4 <= count, "row ends beyond its room")
    let pixels = unsafe row.bytes
    unsafe withUnsafeMutableBytes { numbers in
      guard let numbers = numbers.baseAddress else { return }
      var (target, weight) = (4 * offset, 0)
      for x in 0..<starts.count {
        var source = unsafe 16 &* starts[unchecked: x]
        var sum = SIMD4<Float>.zero
        let end = weight &+ filter.count
        while weight < end {
          // Without an inner loop, two of them would be counted.
          unsafe sum.add(pixels, at: source, weights[unchecked: weight])
          unsafe sum.add(pixels, at: source &+ 16, weights[unchecked: weight &+ 1])
          unsafe sum.add(pixels, at: source &+ 32, weights[unchecked: weight &+ 2])
          unsafe sum.add(pixels, at: source &+ 48, weights[unchecked: weight &+ 3])
          unsafe sum.add(pixels, at: source &+ 64, weights[unchecked: weight &+ 4])
          unsafe sum.add(pixels, at: source &+ 80, weights[unchecked: weight &+ 5])
          weight &+= LanczosFilter.groupSize
          source &+= 16 &* LanczosFilter.groupSize
        }
        unsafe numbers.storeBytes(of: sum, toByteOffset: target, as: SIMD4<Float>.self)
        target &+= 4 &* channels
      }
    }
  }

  /// Adds up six rows, each by its weight.
  ///
  /// - Parameter isFirst: whether the sum begins with them.
  mutating func add(_ rows: RingRows, isFirst: Bool) {
    let (ring, starts, weights) = (rows.ring.span, rows.checkedStarts(count), rows.weights)
    var sums = mutableSpan
    for index in 0..<sums.count {
      let sum = isFirst ? 0 : unsafe sums[unchecked: index]
      unsafe sums[unchecked: index] = ring.sum(at: index, starts, weights, plus: sum)
    }
  }

  /// Makes pixels of four numbers that are no longer premultiplied.
  mutating func straighten() {
    precondition(count % 4 == 0, "no whole pixels")
    var numbers = mutableSpan
    for offset in Swift.stride(from: 0, to: numbers.count, by: 4) {
      let alpha = unsafe numbers[unchecked: offset &+ 3]
      // What is as good as invisible becomes black, which compresses best.
      let share = alpha < 0.5 ? 0 : 255 / alpha
      for index in offset..<offset &+ 3 { unsafe numbers[unchecked: index] *= share }
    }
  }
}

extension SIMD4<Float> {
  @unsafe @inline(__always) fileprivate mutating func add(_ pixels: RawSpan, at offset: Int, _ weight: Float) {
    unsafe addProduct(pixels.unsafeLoad(fromUncheckedByteOffset: offset, as: SIMD4<Float>.self), SIMD4(repeating: weight))
  }
}

/// Six rows of the ring to add up, each by its weight.
struct RingRows {
  typealias Six<Value> = (Value, Value, Value, Value, Value, Value)

  let ring: [Float]
  /// Where the rows begin.
  let starts: Six<Int>
  let weights: Six<Float>

  /// The starts of rows of a length, for loops that run unchecked.
  func checkedStarts(_ length: Int) -> Six<Int> {
    let (a, b, c, d, e, f) = starts
    precondition(min(a, b, c, d, e, f) >= 0 && max(a, b, c, d, e, f) + length <= ring.count, "row ends outside the ring")
    return starts
  }
}

extension Span<Float> {
  @unsafe @inline(__always)
  fileprivate func sum(at index: Int, _ starts: RingRows.Six<Int>, _ weights: RingRows.Six<Float>, plus start: Float) -> Float {
    var sum = start
    unsafe sum.addProduct(self[unchecked: starts.0 &+ index], weights.0)
    unsafe sum.addProduct(self[unchecked: starts.1 &+ index], weights.1)
    unsafe sum.addProduct(self[unchecked: starts.2 &+ index], weights.2)
    unsafe sum.addProduct(self[unchecked: starts.3 &+ index], weights.3)
    unsafe sum.addProduct(self[unchecked: starts.4 &+ index], weights.4)
    unsafe sum.addProduct(self[unchecked: starts.5 &+ index], weights.5)
    return sum
  }
}

extension MutableSpan<UInt8> {
  /// Writes the sum of six rows as bytes.
  ///
  /// - Parameter length: numbers of a row.
  mutating func write(_ rows: RingRows, _ length: Int, at offset: Int) {
    precondition(length >= 0 && offset >= 0 && offset + length <= count, "numbers end outside the picture")
    let (ring, starts, weights) = (rows.ring.span, rows.checkedStarts(length), rows.weights)
    for index in 0..<length {
      unsafe self[unchecked: offset &+ index] = Self.byte(ring.sum(at: index, starts, weights, plus: 0))
    }
  }

  /// Writes numbers as bytes.
  mutating func write(_ numbers: [Float], at offset: Int) {
    precondition(offset >= 0 && offset + numbers.count <= count, "numbers end outside the picture")
    let numbers = numbers.span
    for index in 0..<numbers.count { unsafe self[unchecked: offset &+ index] = Self.byte(numbers[unchecked: index]) }
  }

  /// The nearest byte. The sum with 2^23 has no binary places, so that its last bits are the whole number. `UInt8.init` would check a range that
  /// the number is in already, and keep the compiler from vector code.
  @inline(__always) private static func byte(_ number: Float) -> UInt8 {
    let inside = number < 0 ? 0 : number > 255 ? 255 : number
    return UInt8(truncatingIfNeeded: (inside + 0x1p23).bitPattern)
  }
}
