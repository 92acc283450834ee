/// A picture that is a glyph at the one size that its font has.
struct ColourBitmap {
  /// Row by row blue, green, red and coverage from 0 to 255, the colours multiplied by it.
  let pixels: [SIMD4<Float>]
  let width: Int
  let height: Int
  /// Pixels from the origin right to the first column, and from the baseline up to the upper edge of the first row.
  let left: Int
  let top: Int

  /// The glyph at another size.
  ///
  /// - Parameters:
  ///   - scale: pixels of the glyph a pixel of the bitmap.
  ///   - shift: how far right of a whole pixel its origin is.
  func glyph(scale: Float, shift: Float) -> Glyph {
    let columns = Resampling(start: Float(left) * scale + shift, count: width, scale: scale)
    let rows = Resampling(start: -Float(top) * scale, count: height, scale: scale)
    let count = columns.targets.count
    var narrow = [SIMD4<Float>](repeating: .zero, count: count * height)
    for y in 0..<height {
      columns.resample(pixels.span, start: y * width, stride: 1) { x, pixel in narrow[y * count + x] = pixel }
    }
    var small = [SIMD4<UInt8>](repeating: .zero, count: count * rows.targets.count)
    for x in 0..<count {
      rows.resample(narrow.span, start: x, stride: count) { y, pixel in
        let rounded = pixel + 0.5
        small[y * count + x] = SIMD4(UInt8(rounded.x), UInt8(rounded.y), UInt8(rounded.z), UInt8(rounded.w))
      }
    }
    return Glyph(
      left: columns.targets.lowerBound, top: -rows.targets.lowerBound, width: count, height: rows.targets.count, pixels: small)
  }
}
