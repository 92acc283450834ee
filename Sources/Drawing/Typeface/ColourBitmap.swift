/// A picture that is a glyph at the one size that its font has.
struct ColourBitmap {
  /// Row by row blue, green, red and coverage from 0 to 255, the colours multiplied by it.
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
    let count = columns.targets.count * rows.targets.count
    var coverage: [UInt8] = []
    coverage.reserveCapacity(count)
    var colours: [UInt8] = []
    colours.reserveCapacity(3 * count)
    // Row by row, so that nothing but the row in work has fractions.
    var row = [SIMD4<Float>](repeating: .zero, count: width)
    for target in rows.parts.indices {
      mix(rows.parts[target], into: &row)
      for part in columns.parts {
        let pixel = part.sum(of: row.span) + 0.5
        coverage.append(UInt8(pixel.w))
        colours.append(UInt8(pixel.z))
        colours.append(UInt8(pixel.y))
        colours.append(UInt8(pixel.x))
      }
    }
    return Glyph(
      left: columns.targets.lowerBound, top: -rows.targets.lowerBound, width: columns.targets.count, coverage: coverage.span,
      colours: colours)
  }

  /// Adds up rows, each by its weight.
  private func mix(_ part: Resampling.Part, into row: inout [SIMD4<Float>]) {
    var target = row.mutableSpan
    for x in 0..<width { target[x] = .zero }
    for (source, weight) in zip(part.sources, part.weights) {
      let pixels = pixels.span.extracting(source * width..<(source + 1) * width)
      for x in 0..<width {
        let pixel = pixels[x]
        target[x] += SIMD4(Float(pixel.x), Float(pixel.y), Float(pixel.z), Float(pixel.w)) * weight
      }
    }
  }
}
