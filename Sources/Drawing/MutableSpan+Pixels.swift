/// The innermost loops. Each checks its bounds once and then runs unchecked, so that the compiler turns it into vector code: these few
/// lines touch every byte of every picture.
extension MutableSpan<UInt8> {
  /// Copies bytes in.
  mutating func copy(_ source: Span<UInt8>, to offset: Int) {
    precondition(offset >= 0 && offset + source.count <= count, "copy ends outside the rows")
    unsafe withUnsafeMutableBufferPointer { target in
      unsafe source.withUnsafeBufferPointer { source in
        guard let base = source.baseAddress else { return }
        unsafe target.baseAddress?.advanced(by: offset).update(from: base, count: source.count)
      }
    }
  }

  /// Copies bytes from another place of the same rows; the two must not overlap.
  mutating func copy(from source: Int, to offset: Int, count length: Int) {
    precondition(source >= 0 && offset >= 0 && Swift.max(source, offset) + length <= count, "copy ends outside the rows")
    precondition(abs(source - offset) >= length, "copy overlaps itself")
    unsafe withUnsafeMutableBufferPointer { rows in
      guard let base = rows.baseAddress else { return }
      unsafe base.advanced(by: offset).update(from: base.advanced(by: source), count: length)
    }
  }

  /// Blends one neutral ink over bytes, each by its amount in the mask: 0 leaves the byte, 255 replaces it.
  mutating func blend(_ level: UInt8, through mask: Span<UInt8>, at offset: Int) {
    precondition(offset >= 0 && offset + mask.count <= count, "blend ends outside the rows")
    let level = UInt16(level)
    for index in 0..<mask.count {
      let amount = unsafe UInt16(mask[unchecked: index])
      unsafe self[unchecked: offset &+ index] = Self.mix(level, amount, over: self[unchecked: offset &+ index])
    }
  }

  /// Blends one neutral ink over pixels of three bytes.
  ///
  /// Nearly all of a large letter is either ink or background, so eight pixels at a time are replaced, or left, if all of them are.
  ///
  /// - Parameter mask: one amount for each pixel.
  mutating func blendPixels(_ level: UInt8, through mask: Span<UInt8>, at offset: Int) {
    precondition(offset >= 0 && offset + 3 * mask.count <= count, "blend ends outside the rows")
    let (amounts, whole) = (unsafe mask.bytes, mask.count & ~7)
    for start in stride(from: 0, to: whole, by: 8) {
      switch unsafe amounts.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self) {
      case .min: continue
      case .max: for index in 0..<24 { unsafe self[unchecked: offset &+ 3 &* start &+ index] = level }
      default: mixPixels(level, through: mask, start..<start &+ 8, at: offset)
      }
    }
    mixPixels(level, through: mask, whole..<mask.count, at: offset)
  }

  /// Blends colours over pixels of three bytes. The colours are premultiplied by the amounts in the mask.
  mutating func blendPixels(_ colours: Span<UInt8>, through mask: Span<UInt8>, at offset: Int) {
    precondition(colours.count == 3 * mask.count && offset >= 0 && offset + colours.count <= count, "blend ends outside the rows")
    for pixel in 0..<mask.count {
      let amount = unsafe UInt16(mask[unchecked: pixel])
      let rest = 256 &- amount &- (amount &>> 7)
      for index in 3 &* pixel..<3 &* pixel &+ 3 {
        let under = unsafe UInt16(self[unchecked: offset &+ index]) &* rest
        unsafe self[unchecked: offset &+ index] = UInt8(clamping: UInt16(colours[unchecked: index]) &+ (under &+ 128) &>> 8)
      }
    }
  }

  /// Blends one neutral ink evenly over bytes.
  mutating func blend(_ level: UInt8, opacity: Opacity, over range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "blend ends outside the rows")
    let under = 256 &- opacity.of256
    let ink = UInt16(level) &* opacity.of256 &+ 128
    for index in range {
      unsafe self[unchecked: index] = UInt8(truncatingIfNeeded: (UInt16(self[unchecked: index]) &* under &+ ink) &>> 8)
    }
  }

  /// Adds ink to amounts of ink, 0 to 255.
  mutating func thicken(by opacity: Opacity, over range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "ink ends outside the rows")
    let share = opacity.of256
    for index in range {
      let under = unsafe UInt16(self[unchecked: index])
      unsafe self[unchecked: index] = UInt8(truncatingIfNeeded: under &+ ((255 &- under) &* share &+ 128) &>> 8)
    }
  }

  /// Rounds amounts, 0 to 255, to a few levels, both ends included. They look as smooth, and the compressor writes less.
  ///
  /// - Parameter shades: at least 5, at most 32.
  mutating func coarsen(over range: Range<Int>, to shades: Int) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "amounts end outside the rows")
    let last = UInt16(shades - 1)
    let scale = (255 * 32 + last / 2) / last
    for index in range {
      let step = unsafe (UInt16(self[unchecked: index]) &* last &+ 128 &+ last / 4) &>> 8
      unsafe self[unchecked: index] = UInt8(truncatingIfNeeded: (step &* scale &+ 16) &>> 5)
    }
  }

  /// Writes each amount three times: for red, green and blue.
  mutating func triple(_ amounts: Span<UInt8>, at offset: Int) {
    precondition(offset >= 0 && offset + 3 * amounts.count <= count, "amounts end outside the rows")
    for index in 0..<amounts.count {
      let amount = unsafe amounts[unchecked: index]
      let target = offset &+ 3 &* index
      unsafe self[unchecked: target] = amount
      unsafe self[unchecked: target &+ 1] = amount
      unsafe self[unchecked: target &+ 2] = amount
    }
  }

  @inline(__always) private mutating func mixPixels(_ level: UInt8, through mask: Span<UInt8>, _ pixels: Range<Int>, at offset: Int) {
    for pixel in pixels { mixPixel(UInt16(level), unsafe UInt16(mask[unchecked: pixel]), at: offset &+ 3 &* pixel) }
  }

  @inline(__always) private mutating func mixPixel(_ level: UInt16, _ amount: UInt16, at offset: Int) {
    unsafe self[unchecked: offset] = Self.mix(level, amount, over: self[unchecked: offset])
    unsafe self[unchecked: offset &+ 1] = Self.mix(level, amount, over: self[unchecked: offset &+ 1])
    unsafe self[unchecked: offset &+ 2] = Self.mix(level, amount, over: self[unchecked: offset &+ 2])
  }

  /// Mixes an ink with the byte under it by an amount of 0 to 255. The amount is stretched to 0 to 256, so that 255 replaces the byte.
  /// Intermediate results may overflow; the final one fits 16 bits.
  @inline(__always) private static func mix(_ level: UInt16, _ amount: UInt16, over under: UInt8) -> UInt8 {
    let over = amount &+ (amount &>> 7)
    let under = UInt16(under)
    return UInt8(truncatingIfNeeded: (under &<< 8 &+ (level &- under) &* over &+ 128) &>> 8)
  }
}

extension Span<UInt8> {
  /// The largest byte of a range; 0 if the range is empty.
  func largest(of range: Range<Int>) -> UInt8 {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "range ends outside the bytes")
    var largest: UInt8 = 0
    for index in range { largest = unsafe Swift.max(largest, self[unchecked: index]) }
    return largest
  }
}
