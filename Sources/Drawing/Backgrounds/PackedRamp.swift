/// A ramp's pixels in four bytes each, so that a pixel is one load and one store.
struct PackedRamp: Sendable {
  fileprivate let pixels: [UInt32]

  init(_ ramp: Ramp) {
    pixels = (0..<ramp.bytes.count / 3).map { index in
      let colour = ramp[index]
      return UInt32(colour.red) | UInt32(colour.green) << 8 | UInt32(colour.blue) << 16
    }
  }
}

extension MutableSpan<UInt8> {
  /// Writes one row that is the same from its centre to both sides.
  ///
  /// - Parameters:
  ///   - shades: indices into the ramp, from the centre to the right edge.
  ///   - width: pixels of the row.
  ///   - offset: where the row's first pixel lies.
  mutating func mirror(_ shades: Span<UInt16>, of ramp: PackedRamp, width: Int, at offset: Int) {
    precondition(shades.count == (width + 1) / 2 && offset >= 0 && offset + 3 * width <= count, "row ends outside the rows")
    let left = width / 2
    let centre = width % 2  // which an odd row has only once
    let pixels = ramp.pixels.span
    for x in 0..<left {
      let pixel = unsafe pixels[Int(shades[unchecked: left &- 1 &- x &+ centre])]
      write(pixel, at: offset &+ 3 &* x)
    }
    for x in left..<width - 1 {
      let pixel = unsafe pixels[Int(shades[unchecked: x &- left])]
      write(pixel, at: offset &+ 3 &* x)
    }
    writeLast(pixels[Int(shades[shades.count - 1])], at: offset + 3 * (width - 1))
  }

  /// Writes a pixel, and a byte of the next one that is to be written after it.
  private mutating func write(_ pixel: UInt32, at offset: Int) {
    unsafe withUnsafeMutableBytes { bytes in
      unsafe bytes.baseAddress.unsafelyUnwrapped.storeBytes(of: pixel, toByteOffset: offset, as: UInt32.self)
    }
  }

  private mutating func writeLast(_ pixel: UInt32, at offset: Int) {
    for channel in 0..<3 { self[offset + channel] = UInt8(truncatingIfNeeded: pixel >> UInt32(8 * channel)) }
  }
}
