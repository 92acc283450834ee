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
    for index in 0..<shades.count {
      let pixel = ramp.pixels[Int(shades[index])]
      write(pixel, at: offset + 3 * (width / 2 + index))
      write(pixel, at: offset + 3 * ((width - 1) / 2 - index))
    }
  }

  private mutating func write(_ pixel: UInt32, at offset: Int) {
    unsafe self[unchecked: offset] = UInt8(truncatingIfNeeded: pixel)
    unsafe self[unchecked: offset &+ 1] = UInt8(truncatingIfNeeded: pixel &>> 8)
    unsafe self[unchecked: offset &+ 2] = UInt8(truncatingIfNeeded: pixel &>> 16)
  }
}
