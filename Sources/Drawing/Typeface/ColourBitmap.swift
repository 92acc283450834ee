/// A picture that is a glyph at the one size that its font has.
struct ColourBitmap {
  /// Row by row blue, green, red and coverage, the colours multiplied by it.
  let pixels: [SIMD4<UInt8>]
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
    let narrow = (0..<height).flatMap { y in columns.resample { x in SIMD4<Float>(pixels[y * width + x]) } }
    let count = columns.targets.count
    var small = [SIMD4<UInt8>](repeating: .zero, count: count * rows.targets.count)
    for x in 0..<count {
      for (y, pixel) in rows.resample({ y in narrow[y * count + x] }).enumerated() {
        small[y * count + x] = SIMD4<UInt8>(clamping: SIMD4<Int32>(pixel, rounding: .toNearestOrEven))
      }
    }
    return Glyph(
      left: columns.targets.lowerBound, top: -rows.targets.lowerBound, width: count, height: rows.targets.count, pixels: small)
  }
}
