/// The innermost loops. Each checks its bounds once and then runs unchecked, so that the compiler turns it into vector code. Nearly all of
/// the time that scaling takes is spent here.
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

  /// Reads a row of a picture, as numbers from 0 to 1: four of each pixel, premultiplied by alpha.
  mutating func readShares(_ picture: Upload, _ y: Int) {
    let (width, start) = (picture.width, 4 * picture.width * y)
    precondition(4 * width <= count && (0..<picture.height).contains(y), "row is longer than its room, or none of the picture's")
    let allShares = Upload.shares
    let (bytes, shares) = (picture.pixels.span, allShares.span)
    var numbers = mutableSpan
    if picture.isOpaque {
      let share = shares[255]
      for index in 0..<4 * width { unsafe numbers[unchecked: index] = Float(bytes[unchecked: start &+ index]) * share }
      return
    }
    for offset in Swift.stride(from: 0, to: 4 * width, by: 4) {
      let share = unsafe shares[unchecked: Int(bytes[unchecked: start &+ offset &+ 3])]
      for index in offset..<offset &+ 3 { unsafe numbers[unchecked: index] = Float(bytes[unchecked: start &+ index]) * share }
      unsafe numbers[unchecked: offset &+ 3] = 255 * share
    }
  }

  /// Reads pixels, as numbers from 0 to 255.
  mutating func read(_ pixels: Span<SIMD4<UInt8>>, at offset: Int) {
    precondition(offset >= 0 && offset + 4 * pixels.count <= count, "row is longer than its room")
    let bytes = unsafe pixels.bytes
    var numbers = mutableSpan
    for index in 0..<4 * pixels.count {
      unsafe numbers[unchecked: offset &+ index] = Float(bytes.unsafeLoad(fromUncheckedByteOffset: index, as: UInt8.self))
    }
  }

  /// Writes a row that is scaled across.
  ///
  /// - Parameters:
  ///   - row: four numbers of each old pixel, and of those of weight 0 beyond the last.
  ///   - channels: 3 or 4 of each new pixel. Four numbers are written for the last pixel in any case.
  ///   - offset: where the new row begins.
  mutating func scale<Kernel>(_ row: [Float], by filter: ResamplingFilter<Kernel>, channels: Int = 4, at offset: Int) {
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
          for pixel in 0..<Kernel.groupSize {
            let numbers = unsafe pixels.unsafeLoad(fromUncheckedByteOffset: source &+ 16 &* pixel, as: SIMD4<Float>.self)
            unsafe Kernel.add(numbers, SIMD4(repeating: weights[unchecked: weight &+ pixel]), to: &sum)
          }
          weight &+= Kernel.groupSize
          source &+= 16 &* Kernel.groupSize
        }
        unsafe numbers.storeBytes(of: sum, toByteOffset: target, as: SIMD4<Float>.self)
        target &+= 4 &* channels
      }
    }
  }

  /// Adds up the rows of a group, each by its weight.
  ///
  /// - Parameter isFirst: whether the sum begins with them.
  mutating func add<Kernel>(_ rows: RowGroup<Kernel>, isFirst: Bool) {
    let (ring, starts, weights) = (rows.numbers.span, rows.checkedStarts(count), rows.weights)
    var sums = mutableSpan
    for index in 0..<sums.count {
      let sum = isFirst ? 0 : unsafe sums[unchecked: index]
      unsafe sums[unchecked: index] = Kernel.sum(ring, at: index, starts, weights, plus: sum)
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

extension Upload {
  /// What a byte of colour is multiplied by, for each alpha.
  fileprivate static let shares = (0...255).map { Float($0) / 255 / 255 }
}

extension ResamplingKernel {
  @inline(__always) fileprivate static func add(_ number: Float, _ weight: Float, to sum: inout Float) {
    if isFused { sum.addProduct(number, weight) } else { sum += number * weight }
  }

  @inline(__always) fileprivate static func add(_ pixel: SIMD4<Float>, _ weights: SIMD4<Float>, to sum: inout SIMD4<Float>) {
    if isFused { sum.addProduct(pixel, weights) } else { sum += pixel * weights }
  }

  /// The sum of the numbers of a group of rows, each by its weight.
  @unsafe @inline(__always) fileprivate static func sum(
    _ numbers: Span<Float>, at index: Int, _ starts: InlineArray<6, Int>, _ weights: InlineArray<6, Float>, plus start: Float
  ) -> Float {
    var sum = start
    for row in 0..<groupSize {
      unsafe add(numbers[unchecked: starts[unchecked: row] &+ index], weights[unchecked: row], to: &sum)
    }
    return sum
  }
}

extension MutableSpan<UInt8> {
  /// Writes the sum of a group of rows as bytes.
  ///
  /// - Parameter length: numbers of a row.
  mutating func write<Kernel>(_ rows: RowGroup<Kernel>, _ length: Int, at offset: Int) {
    precondition(length >= 0 && offset >= 0 && offset + length <= count, "numbers end outside the picture")
    let (ring, starts, weights) = (rows.numbers.span, rows.checkedStarts(length), rows.weights)
    for index in 0..<length {
      unsafe self[unchecked: offset &+ index] = Self.byte(Kernel.sum(ring, at: index, starts, weights, plus: 0))
    }
  }

  /// Writes numbers as bytes.
  mutating func write(_ numbers: [Float], at offset: Int) {
    precondition(offset >= 0 && offset + numbers.count <= count, "numbers end outside the picture")
    let numbers = numbers.span
    for index in 0..<numbers.count { unsafe self[unchecked: offset &+ index] = Self.byte(numbers[unchecked: index]) }
  }

  /// The nearest byte. The sum with 2^23 has no binary places, so that its last bits are the whole number. `UInt8.init` would check a range
  /// that the number is in already, and keep the compiler from vector code.
  @inline(__always) private static func byte(_ number: Float) -> UInt8 {
    let inside = number < 0 ? 0 : number > 255 ? 255 : number
    return UInt8(truncatingIfNeeded: (inside + 0x1p23).bitPattern)
  }
}
